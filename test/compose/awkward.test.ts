/** Seventy messages that somebody's mailer has got wrong, and a hundred made by chance of the same pieces. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {awkwardMail, named} from '../helpers/awkward-mail.ts';
import {randomDraft} from '../helpers/random-draft.ts';
import {composed, draftOf, saysWhatItSays} from '../helpers/written-mail.ts';

for (const [name, parts] of Object.entries(awkwardMail)) {
	test(`read back, a message with ${name} says what was written`, () => saysWhatItSays(draftOf(parts)));
}

test('a hundred messages made by chance say what was written', async () => {
	for (let seed = 1; seed <= 100; seed++)
		await saysWhatItSays(randomDraft(seed)).catch(error => {
			throw new Error(`seed ${seed}: ${error.message}`, {cause: error});
		});
});

test('an address in another script is said to need a server that takes it', async () => {
	assert.equal((await composed(draftOf({to: named('', '伯@例え.example')}))).needsUtf8, true);
	assert.equal((await composed(draftOf({to: named('伯', 'bo@例え.example')}))).needsUtf8, false);
});
