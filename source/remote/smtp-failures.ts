/**
 * Turns what nodemailer, TLS and the socket throw into an Outcome, once. The sentences are what the user reads: what
 * happened, then what to do.
 */
import {Failure} from '../model/failure.ts';
import type {Outcome, Refusal} from '../model/outgoing.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {SmtpServer} from '../model/sending.ts';
import type {SmtpError} from './smtp-connection.ts';

const isRefusal = ({responseCode = 0}: SmtpError): boolean => responseCode >= 400 && responseCode < 600;
const isForNow = ({responseCode = 0}: SmtpError): boolean => responseCode < 500;

/** The server's words, on one line, without the code of each line. */
function said({response = ''}: SmtpError): string {
	const lines = response.split('\n').map((line, index) => (index === 0 ? line : line.replace(/^\d{3}[ -]/, '')));
	return lines
		.join(' ')
		.replace(/^(\d{3})-/, '$1 ')
		.trim();
}

/** What to do about parts that cannot be sent from where they lie. */
export const fetchThem = ours('Take it back, fetch the attachments, and send it then');

/** `554 5.7.14 …`, of BURL, where the erratum to RFC 4468 §5 has 5.7.8 as well. */
export const isDistrust = (error: SmtpError): boolean =>
	error.command === 'BURL' && /^5\d\d[ -]5\.7\.(8|14)\b/.test(error.response ?? '');

/** RFC 4468 §6. */
function becauseOfBurl(error: SmtpError): SafeText {
	const words = said(error);
	const [, code = ''] = /^\d{3} [245]\.(\d+\.\d+)\b/.exec(words) ?? [];
	if (isForNow(error)) return safeLine(`The server cannot reach the mailboxes now. It says: ${words}`);
	if (isDistrust(error))
		return safeLine(`The server may not fetch from your mailboxes. ${fetchThem}. It says: ${words}`);
	if (code === '6.6')
		return safeLine(`The server cannot fetch an attachment from the mailboxes. ${fetchThem}. It says: ${words}`);
	if (code === '6.3')
		return safeLine(
			`The server cannot send an attachment as it lies in the mailboxes. ${fetchThem}. It says: ${words}`,
		);
	if (code === '3.4') return safeLine(`It is too large for the server. Send less of it. It says: ${words}`);
	return safeLine(`The server does not fetch an attachment. ${fetchThem}. It says: ${words}`);
}

const because = (error: SmtpError): SafeText =>
	error.command === 'BURL' ? becauseOfBurl(error) : safeLine(`The server refuses it: ${said(error)}`);

export const refusalsOf = (errors: readonly SmtpError[] = []): readonly Refusal[] =>
	errors.map(error => ({
		address: error.recipient ?? '',
		because: safeLine(said(error)),
		isForNow: isForNow(error),
	}));

/**
 * @param isAllHandedOver Whether all octets of the message, so perhaps their end too, have gone into the line: without
 * an answer nobody knows then. Only a refusal is one; any other answer to a message is of a server out of step.
 */
export function outcomeOf(error: SmtpError, server: SmtpServer, isAllHandedOver: boolean): Outcome {
	if (isRefusal(error)) {
		const refusals = refusalsOf(error.rejectedErrors);
		const isLater = refusals.length > 0 ? refusals.every(each => each.isForNow) : isForNow(error);
		return {state: 'refused', because: because(error), isForNow: isLater, refusals};
	}
	if (isAllHandedOver)
		return {
			state: 'unknown',
			because: ours('The line was cut after all of it was sent and before the server said whether it took it'),
		};
	return {state: 'unsent', failure: smtpFailure(error, server)};
}

/** A login that was refused, or that never was one. */
export function smtpLoginFailure(error: SmtpError, server: SmtpServer): Failure {
	if (error instanceof Failure) return error;
	if (!isRefusal(error)) return smtpFailure(error, server);
	const words = said(error);
	if (isForNow(error))
		return new Failure('busy', safeLine(`The server cannot log you in now. It says: ${words}`), error);
	return new Failure(
		'denied',
		safeLine(`The server refuses the user name or the password of ${server.user} for sending. It says: ${words}`),
		error,
	);
}

/** Nothing was handed over. */
export function smtpFailure(error: SmtpError, server: SmtpServer): Failure {
	if (error instanceof Failure) return error;
	const where = `${server.host}:${server.port}`;
	const fail = (kind: Failure['kind'], sentence: string) => new Failure(kind, safeLine(sentence), error);
	const {message} = error;
	// What the system throws may number its codes.
	const code = String(error.originalCode ?? error.code ?? '');
	if (isRefusal(error)) {
		const {command = ''} = error;
		if (command === 'STARTTLS')
			return fail('denied', `${where} does not start TLS: ${said(error)}. Nothing was sent in the clear`);
		return fail(isForNow(error) ? 'busy' : 'denied', `${where} does not serve us: ${said(error)}`);
	}
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
		return fail(
			'offline',
			`There is no host ${server.host}, or no name server can be reached. Check the name and the line`,
		);
	if (code === 'ECONNREFUSED') return fail('offline', `${where} refuses connections. Check host and port`);
	if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
		return fail('offline', `${where} cannot be reached. Check the line`);
	if (isOfCertificate(code))
		return fail(
			'denied',
			`The certificate of ${where} is not to be trusted (${message}). Name your server's own with --certificate`,
		);
	if (code === 'EPROTO' || code.startsWith('ERR_SSL') || /wrong version number|packet length/i.test(message))
		return fail('denied', `${where} does not speak TLS from the first byte. smtp:// with port 587 means STARTTLS`);
	if (error.code === 'ETLS')
		return fail(
			'denied',
			`${where} does not start TLS (${message}). Nothing was sent in the clear. Perhaps it wants smtps:// with port 465`,
		);
	if (/greeting never/i.test(message))
		return fail('offline', `${where} takes the connection and says nothing. Perhaps it wants smtps:// with port 465`);
	if (/TIMEDOUT/.test(code)) return fail('offline', `${where} does not answer`);
	if (error.code === 'EPROTOCOL')
		return fail('broken', `${where} said something that is not SMTP, so the line was cut`);
	if (error.code === 'ESTREAM') return fail('broken', `The disk does not do its work: ${message}`);
	if (error.name === 'AbortError') return fail('offline', 'Sending was stopped');
	return fail('offline', `The line to ${where} was cut`);
}

const isOfCertificate = (code: string): boolean =>
	/^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|HOSTNAME_MISMATCH)/.test(code);
