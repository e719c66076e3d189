/** A real submission server, Dovecot's or exim, in front of one that is all script: what a message is after a real server had it. */
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {TestContext} from 'node:test';
import type {Address, Draft} from '../../source/model/draft.ts';
import type {Outcome} from '../../source/model/outgoing.ts';
import {smtp} from '../../source/remote/smtp.ts';
import {startDovecot} from './dovecot.ts';
import {startExim} from './exim.ts';
import {eventually} from './screen.ts';
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

/** Returns its port. It hands on to `relayPort`. */
type Front = (context: TestContext, relayPort: number) => Promise<number>;

export const throughExim: Front = startExim;
export const throughDovecot: Front = async (context, relayPort) => {
	const dovecot = await startDovecot(() => {}, {relayPort});
	context.after(() => dovecot.stop());
	return dovecot.submissionPort;
};

export async function submissionRelay(context: TestContext, front = throughDovecot): Promise<SubmissionRelay> {
	const sink = await smtpServer(context, {offers: usualOffers.filter(each => !each.startsWith('AUTH'))});
	const folder = mkdtempSync(path.join(tmpdir(), 'bonsai-relay-'));
	context.after(() => rmSync(folder, {recursive: true}));
	const server = {
		host: '127.0.0.1',
		port: await front(context, sink.port),
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
			const before = sink.taken.length;
			const outcome: Outcome = await smtp(server)(
				{file, envelope, sizeBytes: raw.length, isEightBit, needsUtf8},
				{
					secret: async () => 'pass',
					onSpent: () => {},
					patienceMs: 20_000,
					beforeTheEnd: () => {},
					signal: new AbortController().signal,
				},
			);
			rmSync(file);
			if (outcome.state !== 'sent') throw new Error('because' in outcome ? outcome.because : outcome.failure.sentence);
			// exim hands on when it has answered.
			await eventually(() => sink.taken.length > before, 'it is handed on');
			const taken = sink.taken.at(-1)!;
			assert.deepEqual(outcome.refusals, []);
			const utf8 = (octets: string): string => Buffer.from(octets, 'latin1').toString();
			assert.deepEqual([utf8(taken.from), taken.to.map(utf8)], [envelope.from, envelope.to]);
			const octets = Buffer.from(taken.octets.replace(trace, ''), 'latin1');
			assert.ok(octets.equals(raw), 'octet for octet');
			return octets;
		},
	};
}
