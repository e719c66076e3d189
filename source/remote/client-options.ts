/** What imapflow is told of an account. Our own transport, our own login and our own patience are used instead of its. */
import {readFileSync} from 'node:fs';
import tls from 'node:tls';
import type {ImapFlowOptions} from 'imapflow';
import type {Account} from '../model/account.ts';
import {Failure} from '../model/failure.ts';
import {safeLine} from '../model/safe-text.ts';
import {longestLiteral} from './fetch-items.ts';
import type {MeteredTransport} from './transport.ts';

const longestLine = 8 * 1024 * 1024;

export const clientOptions = (account: Account, transport: MeteredTransport, patienceMs: number): ImapFlowOptions =>
	({
		host: account.host || account.name,
		port: account.port,
		secure: account.security === 'tls',
		doSTARTTLS: account.security === 'starttls' ? true : account.security === 'tls' ? undefined : false,
		tls: account.certificateFile === '' ? {} : {ca: [...usualCertificates(), readCertificate(account.certificateFile)]},
		logger: false,
		transport,
		auth: {user: account.user},
		maxLineLength: longestLine,
		maxLiteralSize: longestLiteral,
		connectionTimeout: patienceMs,
		greetingTimeout: patienceMs,
		// Silence is judged here, by what is owed; imapflow would take a quiet IDLE for a dead line.
		socketTimeout: 24 * 3600_000,
	}) as never;

/** What Node would trust by itself (and NODE_EXTRA_CA_CERTS adds); naming one of one's own replaces them otherwise. */
const usualCertificates = (): readonly string[] => tls.getCACertificates?.('default') ?? tls.rootCertificates;

function readCertificate(file: string): Buffer {
	try {
		return readFileSync(file);
	} catch (error) {
		throw new Failure(
			'denied',
			safeLine(`The certificate file ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`),
			error,
		);
	}
}
