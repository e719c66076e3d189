/**
 * Turns what imapflow, TLS and the socket throw into a Failure, once. The sentences are what the user reads:
 * what happened, then what to do.
 */
import type {Account} from '../model/account.ts';
import {Failure} from '../model/failure.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import type {Response} from './fetched-row.ts';
import {responseCode} from './response-code.ts';

type Thrown = {
	readonly code?: string;
	readonly message?: string;
	readonly responseStatus?: string;
	readonly responseText?: string;
	readonly serverResponseCode?: string;
	readonly response?: unknown;
	readonly tlsFailed?: boolean;
	readonly reason?: string;
	readonly literalSize?: number;
};

const asThrown = (error: unknown): Thrown =>
	typeof error === 'object' && error !== null ? (error as Thrown) : {message: String(error)};

const certificateCodes =
	/^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|HOSTNAME_MISMATCH|ERR_TLS_)/;

/** A failure while dialling and logging in. */
export function dialFailure(error: unknown, account: Account): Failure {
	if (error instanceof Failure) return error;
	const {code = '', message = '', reason, tlsFailed} = asThrown(error);
	const where = account.tunnel === '' ? `${account.host}:${account.port}` : 'the tunnel';
	const fail = (kind: Failure['kind'], sentence: string) => new Failure(kind, safeLine(sentence), error);
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
		return fail(
			'offline',
			`There is no host ${account.host}, or no name server can be reached. Check the host name and the line`,
		);
	}
	if (code === 'ECONNREFUSED')
		return fail('offline', `${where} refuses connections. Check host and port, or whether the server runs`);
	if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
		return fail('offline', `${where} cannot be reached. Check the line`);
	if (certificateCodes.test(code)) {
		return fail(
			'denied',
			`The certificate of ${where} is not to be trusted (${certificateReason(code, message)}). If it is your server's own, name it with: bonsai account add ${account.name} … --replace --certificate FILE`,
		);
	}
	if (
		code === 'EPROTO' ||
		code === 'ERR_SSL_WRONG_VERSION_NUMBER' ||
		/wrong version number|packet length/i.test(message)
	) {
		return fail(
			'denied',
			`${where} does not speak TLS. Try --security starttls, or port ${account.port === 143 ? 993 : 143}`,
		);
	}
	if (tlsFailed || code === 'STARTTLS_INJECTION') {
		return fail(
			'denied',
			`${where} does not start TLS (${message}). Nothing was sent in the clear. Try --security tls with port 993`,
		);
	}
	if (code === 'GREETING_TIMEOUT' && account.tunnel !== '')
		return fail(
			'offline',
			'The tunnel runs, but no server greets. Try the command by hand: it should begin with * OK or * PREAUTH',
		);
	if (code === 'GREETING_TIMEOUT')
		return fail(
			'offline',
			`${where} takes the connection and says nothing. Perhaps the port wants TLS (--security tls)`,
		);
	if (/TIMEOUT|ETIMEDOUT/.test(code)) return fail('offline', `${where} does not answer`);
	if (reason || /BYE/i.test(code)) return fail('busy', `The server hung up: ${reason ?? 'it gave no reason'}`);
	return lineFailure(error, fail);
}

function certificateReason(code: string, message: string): string {
	if (/SELF_SIGNED/.test(code)) return 'it is self-signed';
	if (/EXPIRED/.test(code)) return 'it has expired';
	if (/ALTNAME/.test(code)) return 'it is for another host';
	return message || code;
}

/** A login that the server refused. */
export function loginFailure(error: unknown, account: Account): Failure {
	const {responseStatus, responseText = ''} = asThrown(error);
	if (responseStatus !== 'NO' && responseStatus !== 'BAD') return dialFailure(error, account);
	const said = responseText ? ` The server says: ${responseText}` : '';
	if (/UNAVAILABLE|INUSE|LIMIT/i.test(responseText))
		return new Failure('busy', safeLine(`The server cannot log you in now.${said}`), error);
	return new Failure(
		'denied',
		safeLine(`The server refuses the user name or the password of ${account.user}.${said}`),
		error,
	);
}

/** Dovecot ends its answers with how long it took, and nobody wants to know. */
const withoutSeconds = (text: string): string => text.replace(/ \([\d. +]+ secs\)\.?$/, '');

/** A failure of one request, or of the line while it was under way. */
export function requestFailure(error: unknown, what: string): Failure {
	if (error instanceof Failure) return error;
	const {responseStatus, responseText = '', response} = asThrown(error);
	const said = withoutSeconds(responseText) || 'it gives no reason';
	const fail = (kind: Failure['kind'], sentence: string) => new Failure(kind, safeLine(sentence), error);
	if (responseStatus === 'NO') {
		const [code] = response ? responseCode(response as Response) : [];
		const kind = code === 'NONEXISTENT' || code === 'TRYCREATE' || code === 'BADURL' ? 'gone' : 'refused';
		const why = code === 'BADURL' ? 'a message that parts of it lie in is not there any more' : said;
		const sentence = safeLine(`The server refuses ${what}: ${why}`);
		return new Failure(kind, sentence, error, code);
	}
	if (responseStatus === 'BAD') return fail('refused', `The server does not understand ${what}: ${said}`);
	return lineFailure(error, fail);
}

function lineFailure(error: unknown, fail: (kind: Failure['kind'], sentence: string) => Failure): Failure {
	const {code = '', message = '', reason, literalSize} = asThrown(error);
	if (code === 'LiteralTooLarge') {
		return fail(
			'broken',
			`The server began to send ${literalSize ?? 'far too many'} octets where fewer were asked for, so the line was cut`,
		);
	}
	if (/TooLarge|TooMany|Parser|InvalidResponse|UnexpectedTag|ResponseProcessing|Z_DATA|COMPRESS_TRAILING/.test(code)) {
		return fail('broken', `The server said something that is not IMAP, so the line was cut (${code})`);
	}
	if (reason) return fail('offline', `The server hung up: ${reason}`);
	if (code === 'ETIMEOUT' || code === 'ETIMEDOUT') return fail('offline', 'The server has gone silent');
	if (code === 'ECONNRESET' || code === 'EPIPE') return fail('offline', 'The line was cut');
	if (/^(NoConnection|EConnectionClosed|ClosedAfterConnect|StateLogout)/.test(code))
		return fail('offline', 'The line was cut');
	return fail('offline', `The line failed: ${message || code || 'unknown reason'}`);
}

/** The server's last words, when it hung up by itself. */
export const byeFailure = (words: string): Failure => new Failure('busy', safeLine(`The server hung up: ${words}`));
export const cutFailure = (): Failure => new Failure('offline', 'The line was cut' as SafeText);
