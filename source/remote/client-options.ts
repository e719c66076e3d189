/** What imapflow is told of an account. Our own transport, our own login and our own patience are used instead of its. */
import type {ImapFlowOptions} from 'imapflow';
import type {Account} from '../model/account.ts';
import {trusting} from './certificates.ts';
import {longestLiteral} from './fetch-items.ts';
import type {MeteredTransport} from './transport.ts';

const longestLine = 8 * 1024 * 1024;

export const clientOptions = (account: Account, transport: MeteredTransport, patienceMs: number): ImapFlowOptions =>
	({
		host: account.host || account.name,
		port: account.port,
		secure: account.security === 'tls',
		doSTARTTLS: account.security === 'starttls' ? true : account.security === 'tls' ? undefined : false,
		tls: trusting(account.certificateFile),
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
