/** What is wished for and is not here, of a mailbox that changes while it is brought. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {mailboxPath} from '../../source/model/ids.ts';
import {ours} from '../../source/model/safe-text.ts';
import {noWish} from '../../source/model/wish.ts';
import {HeldBlock} from '../../source/session/held-block.ts';
import {Lacking, type LackingOptions} from '../../source/session/lacking.ts';
import {Facts} from '../../source/store/facts.ts';

const inbox = mailboxPath('INBOX');

test('where a mailbox began anew with as many messages under the same UIDs, all of them are lacking again', () => {
	const facts = new Facts(undefined, () => true);
	const block = new HeldBlock(inbox, facts, () => 1000);
	const begin = (uidValidity: number): void => {
		facts.learnMailbox(inbox, uidValidity);
		block.begin({uidValidity, uidNext: 3, count: 2, highestModseq: '5', isReadOnly: false});
		const fact = {mailbox: inbox, sender: ours(''), fromField: ours(''), subject: ours(''), date: undefined};
		for (const uid of [1, 2]) facts.learnSummary({...fact, uid, sizeBytes: 1, flags: new Set()});
		block.grow({below: [1, 2]});
	};
	const lacking = new Lacking({
		wish: {...noWish, summaries: 'all', hasPreviews: true},
		facts,
		block,
		standing: {count: 2} as LackingOptions['standing'],
		worker: {line: {has: () => true}} as unknown as LackingOptions['worker'],
	});
	begin(7);
	for (const uid of [1, 2]) facts.learnPreview(facts.idOf(inbox, uid)!, ours('Text'));
	assert.ok(lacking.isNothing);
	facts.loseMailbox(inbox);
	begin(8);
	assert.ok(!lacking.isNothing);
	const lack = lacking.next(10_000);
	assert.deepEqual(lack?.of === 'previews' && lack.ids.map(id => facts.uidOf(id)), [1, 2]);
});
