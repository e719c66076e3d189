/** A thousand messages made by chance and all that are awkward, through Dovecot's submission server, read back. */
import type {TestContext} from 'node:test';
import {awkwardMail} from '../test/helpers/awkward-mail.ts';
import {withoutSubmission} from '../test/helpers/dovecot.ts';
import {randomDraft} from '../test/helpers/random-draft.ts';
import {submissionRelay, withPlainAddresses} from '../test/helpers/submission-relay.ts';
import {draftOf, saysWhatItSays} from '../test/helpers/written-mail.ts';

const randomMessages = 1000;

export async function measureRoundTrip(): Promise<string | undefined> {
	if (withoutSubmission !== false) return undefined;
	const ends: (() => unknown)[] = [];
	const {carry} = await submissionRelay({after: (end: () => unknown) => ends.push(end)} as unknown as TestContext);
	const drafts = [
		...Object.entries(awkwardMail).map(([name, parts]) => [name, draftOf(parts)] as const),
		...Array.from(
			{length: randomMessages},
			(_, n) => [`seed ${n + 1}`, withPlainAddresses(randomDraft(n + 1))] as const,
		),
	];
	const wrong: string[] = [];
	let unsent = 0;
	for (const [name, draft] of drafts)
		await saysWhatItSays(draft, carry).catch((error: Error) => {
			if (/SMTPUTF8/.test(error.message)) unsent++;
			else wrong.push(`${name}: ${error.message}`);
		});
	for (const end of ends.reverse()) await end();
	const right = drafts.length - wrong.length - unsent;
	return [
		'## Sent through a real submission server, and read back',
		'',
		`${drafts.length} messages (${Object.keys(awkwardMail).length} awkward ones, ${randomMessages} by chance), composed, handed to Dovecot’s submission server, taken by the server behind it, compared octet for octet, and read back by mailparser: ${right} say what was written, ${wrong.length} do not. ${unsent === 1 ? 'One needs' : `${unsent} need`} SMTPUTF8, which this server has not: that is said, and nothing is sent.`,
		...(wrong.length === 0 ? [] : ['', ...wrong.slice(0, 10).map(each => `- ${each}`)]),
	].join('\n');
}
