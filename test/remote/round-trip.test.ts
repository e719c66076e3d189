/** What is written, sent through real submission servers (Dovecot's, and exim) and read back, says what was written. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {awkwardMail} from '../helpers/awkward-mail.ts';
import {withoutSubmission} from '../helpers/dovecot.ts';
import {withoutExim} from '../helpers/exim.ts';
import {randomDraft} from '../helpers/random-draft.ts';
import {submissionRelay, throughExim, withPlainAddresses} from '../helpers/submission-relay.ts';
import {draftOf, saysWhatItSays} from '../helpers/written-mail.ts';

/** As many as a test has time for; the bench has a thousand. */
const seeds = 60;
/** What Dovecot 2.3 does not take (RFC 6531): said before anything is sent. */
const needsUtf8 = /SMTPUTF8/;

describe('through a real submission server', {skip: withoutSubmission, timeout: 120_000}, () => {
	test('seventy awkward messages arrive octet for octet, and say what was written', async context => {
		const {carry} = await submissionRelay(context);
		const refused: string[] = [];
		for (const [name, parts] of Object.entries(awkwardMail)) {
			const draft = draftOf(parts);
			await saysWhatItSays(draft, carry).catch((error: Error) => {
				if (!needsUtf8.test(error.message)) throw new Error(`${name}: ${error.message}`, {cause: error});
				refused.push(name);
			});
		}
		assert.deepEqual(refused, ['an address in another script']);
	});

	test('so do messages made by chance', async context => {
		const {carry} = await submissionRelay(context);
		for (let seed = 1; seed <= seeds; seed++)
			await saysWhatItSays(withPlainAddresses(randomDraft(seed)), carry).catch((error: Error) => {
				throw new Error(`seed ${seed}: ${error.message}`, {cause: error});
			});
	});
});

describe('through exim', {skip: withoutExim, timeout: 120_000}, () => {
	test('the same awkward messages arrive octet for octet, those with addresses in other scripts too', async context => {
		const {carry} = await submissionRelay(context, throughExim);
		for (const [name, parts] of Object.entries(awkwardMail))
			await saysWhatItSays(draftOf(parts), carry).catch((error: Error) => {
				throw new Error(`${name}: ${error.message}`, {cause: error});
			});
	});
});
