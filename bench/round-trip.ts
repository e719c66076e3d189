/** A thousand messages made by chance and all that are awkward, through Dovecot's submission server and exim, read back. */
import {awkwardMail} from '../test/helpers/awkward-mail.ts';
import {withoutSubmission} from '../test/helpers/dovecot.ts';
import {withoutExim} from '../test/helpers/exim.ts';
import {randomDraft} from '../test/helpers/random-draft.ts';
import {submissionRelay, throughDovecot, throughExim, withPlainAddresses} from '../test/helpers/submission-relay.ts';
import {draftOf, saysWhatItSays} from '../test/helpers/written-mail.ts';
import {scope} from './scope.ts';

const randomMessages = 1000;
const servers = [
	{name: 'Dovecot 2.3', front: throughDovecot, without: withoutSubmission},
	{name: 'exim 4', front: throughExim, without: withoutExim},
];

export async function measureRoundTrip(): Promise<string | undefined> {
	const drafts = [
		...Object.entries(awkwardMail).map(([name, parts]) => [name, draftOf(parts)] as const),
		...Array.from(
			{length: randomMessages},
			(_, n) => [`seed ${n + 1}`, withPlainAddresses(randomDraft(n + 1))] as const,
		),
	];
	const rows: string[] = [];
	const wrong: string[] = [];
	for (const {name, front, without} of servers) {
		if (without !== false) continue;
		const {context, end} = scope();
		const {carry} = await submissionRelay(context, front);
		let [right, unsent] = [0, 0];
		for (const [title, draft] of drafts) {
			try {
				await saysWhatItSays(draft, carry);
				right++;
			} catch (error) {
				const {message} = error as Error;
				if (/SMTPUTF8/.test(message)) unsent++;
				else wrong.push(`${name}, ${title}: ${message}`);
			}
		}
		await end();
		rows.push(`| ${name} | ${right} | ${drafts.length - right - unsent} | ${unsent} |`);
	}
	if (rows.length === 0) return undefined;
	return [
		'## Sent through real submission servers, and read back',
		'',
		`${drafts.length} messages (${Object.keys(awkwardMail).length} awkward ones, ${randomMessages} by chance), composed, handed to a submission server, taken by the server behind it, compared octet for octet, and read back by mailparser. What needs SMTPUTF8 is not sent where the server has none, and that is said.`,
		'',
		'| through | say what was written | do not | need SMTPUTF8, which it has not |',
		'| --- | ---: | ---: | ---: |',
		...rows,
		...(wrong.length === 0 ? [] : ['', ...wrong.slice(0, 10).map(each => `- ${each}`)]),
	].join('\n');
}
