/**
 * Mailboxes themselves: made, renamed and deleted, by a client and by another program.
 */
import type {Random} from '../../../source/demo/random.ts';
import type {MailboxChange} from '../../../source/model/operation.ts';
import {assertPromised} from './shown.ts';
import type {Step} from './steps.ts';
import {boxes} from './world.ts';

function chosen(chance: Random): MailboxChange {
	const mailbox = chance.pick(boxes);
	const kind = chance.below(7);
	if (kind < 3) return {kind: 'create', mailbox};
	if (kind < 6) return {kind: 'rename', mailbox, to: chance.pick(boxes.filter(each => each !== mailbox))};
	return {kind: 'delete', mailbox};
}

export const changeMailbox: Step = async ({chance, asked, world, serial}, client) => {
	const change = chosen(chance);
	// Without a line a mailbox is deleted with what was known to be in it, and more may come.
	const isAway = change.kind === 'delete' && chance.isOneIn(2);
	if (isAway) {
		client.session.hangUp();
		await client.calm();
	}
	const known = new Set(client.session.operations.get().map(({id}) => id));
	client.session.decideAboutMailbox(change);
	const operation = client.session.operations.get().find(({id}) => !known.has(id));
	if (operation === undefined) return `may not ${JSON.stringify(change)}`;
	if (change.kind === 'delete') asked.deletes(client, operation.id);
	assertPromised(client);
	await client.calm();
	const story = `decides ${JSON.stringify(change)}`;
	if (!isAway || !world.boxes?.().includes(change.mailbox)) return story;
	const subject = `n${serial}`;
	await asked.arrives(subject, () => world.append(change.mailbox, subject, []));
	return `${story} without a line, and ${subject} comes to it`;
};

/** Another program does it, at once, where it can be done. */
export const changedByAnother =
	(act: (change: MailboxChange) => void): Step =>
	async ({chance, asked, world}) => {
		const change = chosen(chance);
		const isThere = world.boxes?.().includes(change.mailbox) === true;
		if (isThere === (change.kind === 'create')) return `another need not ${JSON.stringify(change)}`;
		if (change.kind === 'rename' && world.boxes?.().includes(change.to) === true) return 'another may not rename';
		const inIt = change.kind === 'delete' ? world.heldIn(change.mailbox).map(({subject}) => subject) : [];
		await asked.others([...new Set(inIt)], {kind: 'remove'}, async () => act(change));
		return `another: ${JSON.stringify(change)}`;
	};
