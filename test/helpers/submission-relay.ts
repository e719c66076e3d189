/** Dovecot's submission server in front of one that is all script: what a message is after a real server had it. */
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {TestContext} from 'node:test';
import type {Address, Draft} from '../../source/model/draft.ts';
import type {Outcome} from '../../source/model/outgoing.ts';
import {smtp} from '../../source/remote/smtp.ts';
import {startDovecot} from './dovecot.ts';
import {smtpServer, usualOffers} from './smtp-server.ts';
import type {composed} from './written-mail.ts';

type Written = Awaited<ReturnType<typeof composed>>;

export type SubmissionRelay = {
	/** Hands it over, and returns what arrived of it, as octets. Throws what the server said, when it took nothing. */
	carry(message: Written): Promise<Buffer>;
};

/** The same for people that a server without SMTPUTF8 (RFC 6531) can write to, as this one is. */
export function withPlainAddresses(draft: Draft): Draft {
	const plain = ({name, address}: Address): Address => {
		const at = address.lastIndexOf('@');
		const local = address.slice(0, at);
		return {name, address: /[^\0-\x7f]/.test(local) ? `person${address.slice(at)}` : address};
	};
	const {from, to, cc, bcc, replyTo} = draft;
	const [tos, ccs, bccs, replies] = [to, cc, bcc, replyTo].map(list => list.map(plain));
	return {...draft, from: plain(from), to: tos!, cc: ccs!, bcc: bccs!, replyTo: replies!};
}

/** Each server writes on top of a message where it came from (RFC 5321 §4.4). */
const trace = /^(Received:[^\r]*\r\n([ \t][^\r]*\r\n)*)+/;

export async function submissionRelay(context: TestContext): Promise<SubmissionRelay> {
	const sink = await smtpServer(context, {offers: usualOffers.filter(each => !each.startsWith('AUTH'))});
	const dovecot = await startDovecot(() => {}, {relayPort: sink.port});
	context.after(() => dovecot.stop());
	const folder = mkdtempSync(path.join(tmpdir(), 'bonsai-relay-'));
	context.after(() => rmSync(folder, {recursive: true}));
	const server = {
		host: '127.0.0.1',
		port: dovecot.submissionPort,
		security: 'none',
		user: 'ada',
		authentication: 'auto',
		certificateFile: '',
	} as const;
	let count = 0;
	return {
		async carry({raw, envelope, isEightBit, needsUtf8}) {
			const file = path.join(folder, String(count++));
			writeFileSync(file, raw);
			const outcome: Outcome = await smtp(server)(
				{file, envelope, sizeBytes: raw.length, isEightBit, needsUtf8},
				{
					secret: async () => dovecot.password,
					onSpent: () => {},
					patienceMs: 20_000,
					beforeTheEnd: () => {},
					signal: new AbortController().signal,
				},
			);
			rmSync(file);
			if (outcome.state !== 'sent') throw new Error('because' in outcome ? outcome.because : outcome.failure.sentence);
			const taken = sink.taken.at(-1)!;
			assert.deepEqual(outcome.refusals, []);
			assert.deepEqual([taken.from, taken.to], [envelope.from, envelope.to]);
			const octets = Buffer.from(taken.octets.replace(trace, ''), 'latin1');
			assert.ok(octets.equals(raw), 'octet for octet');
			return octets;
		},
	};
}
