/**
 * Dovecot with its submission server, which fetches from its mailboxes what a letter has left there, in front of one that is
 * all script: what a message is after real servers had put it together.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import type {TestContext} from 'node:test';
import {accountName, inbox} from '../../source/model/ids.ts';
import type {Outcome} from '../../source/model/outgoing.ts';
import type {PartOnServer} from '../../source/model/piece.ts';
import {dialImap} from '../../source/remote/imap.ts';
import {smtp} from '../../source/remote/smtp.ts';
import type {MadeLetter} from '../../source/session/session-options.ts';
import {OutgoingMail} from '../../source/store/outgoing.ts';
import {plainDialling} from './dialling.ts';
import {type Dovecot, startDovecot} from './dovecot.ts';
import {ownFolder} from './own-folder.ts';
import {type SmtpServerOf, smtpServer, usualOffers} from './smtp-server.ts';

export type LendingRelay = {
	readonly dovecot: Dovecot;
	readonly sink: SmtpServerOf;
	/** Puts a message into INBOX, and says where it lies. */
	store(octets: Buffer): Promise<Omit<PartOnServer, 'part' | 'sizeBytes' | 'encoding'>>;
	/** URLs by which the submission server may fetch these. */
	urls(parts: readonly PartOnServer[]): Promise<readonly string[]>;
	/** Hands it over, and returns what arrived of it. Throws what the server said, when it took nothing. */
	carry(message: Pick<MadeLetter, 'pieces' | 'envelope' | 'isEightBit' | 'needsUtf8'>): Promise<string>;
};

/** Each server writes on top of a message where it came from (RFC 5321 §4.4). */
const trace = /^(Received:[^\r]*\r\n([ \t][^\r]*\r\n)*)+/;
const user = 'ada';
const until = Date.UTC(2036, 0, 1);

export async function lendingRelay(context: TestContext): Promise<LendingRelay> {
	const sink = await smtpServer(context, {offers: usualOffers.filter(each => !each.startsWith('AUTH'))});
	const dovecot = await startDovecot(() => {}, {relayPort: sink.port});
	context.after(() => dovecot.stop());
	const dialling = plainDialling({port: dovecot.port, password: dovecot.password, account: {user}});
	const {remote} = await dialImap(dialling, new AbortController().signal);
	context.after(() => remote.cut());
	const mail = new OutgoingMail(path.join(ownFolder(context), 'account'));
	const to = {host: '127.0.0.1', port: dovecot.submissionPort, security: 'none', user, authentication: 'auto'} as const;
	const urls = (parts: readonly PartOnServer[], host = 'localhost') =>
		remote.fetchUrls(parts, {host, user, reader: user, until});
	return {
		dovecot,
		sink,
		urls,
		async store(octets) {
			const place = await remote.append(inbox, octets, {flags: [], date: undefined});
			return {account: accountName('work'), mailbox: inbox, ...place!};
		},
		async carry({pieces, envelope, isEightBit, needsUtf8}) {
			const writing = mail.begin();
			for await (const piece of pieces) writing.add(piece);
			const {letter} = writing.commit({envelope, isEightBit, needsUtf8, messageId: '', madeAt: 1, notBefore: 0});
			const outcome: Outcome = await smtp({...to, certificateFile: ''})(letter, {
				secret: async () => dovecot.password,
				onSpent: () => {},
				patienceMs: 20_000,
				beforeTheEnd: () => {},
				signal: new AbortController().signal,
				urlsOf: (parts, {hosts}) => urls(parts, hosts[0]),
			});
			if (outcome.state !== 'sent') throw new Error('because' in outcome ? outcome.because : outcome.failure.sentence);
			const taken = sink.taken.at(-1)!;
			assert.deepEqual([taken.from, taken.to], [envelope.from, envelope.to]);
			const octets = taken.octets.replace(trace, '');
			assert.equal(octets.length, letter.sizeBytes, 'as many octets as were announced');
			return octets;
		},
	};
}
