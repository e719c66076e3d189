/**
 * nodemailer 10.3.1's SMTP connection, made strict (the version is exact on purpose). It is lenient where a server is
 * out of step: it hands a message over on any 2xx to DATA, and says an empty one to end a DATA that nobody may have.
 * Either can deliver what is then said not to be delivered, so here it hangs up instead.
 *
 * It also tells what the server offers, which nodemailer keeps to itself.
 */
import SMTPConnection from 'nodemailer/lib/smtp-connection';

export type SmtpError = Error & {
	readonly code?: string;
	/** The system's own, where `code` is nodemailer's. */
	readonly originalCode?: string;
	readonly responseCode?: number;
	readonly response?: string;
	readonly command?: string;
	readonly recipient?: string;
	readonly rejectedErrors?: readonly SmtpError[];
};

type Answered = (error: Error | null, answer?: unknown) => void;
type Inner = {
	readonly _ehloLines?: readonly string[];
	readonly _envelope?: {readonly pipelined?: boolean; readonly mailError?: SmtpError};
	_envelopeError(reply: string): Error | null;
	_formatError(message: string, code: string, reply: string, command: string): Error;
};

const dataReply = (SMTPConnection.prototype as unknown as {_actionDATA: (reply: string, done: Answered) => void})
	._actionDATA;

export class StrictConnection extends SMTPConnection {
	_actionDATA(reply: string, done: Answered): void {
		const inner = this as unknown as Inner;
		const error = inner._envelope?.pipelined ? inner._envelopeError(reply) : null;
		if (!/^[23]/.test(reply) || (/^354/.test(reply) && error === null)) {
			dataReply.call(this, reply, done);
			return;
		}
		done(error ?? inner._formatError('The server is out of step', 'EPROTOCOL', '', 'DATA'));
		this.close();
	}

	/**
	 * Why the sender was refused, and with that the message; undefined when it was not. A server may hang up after it (Dovecot
	 * does, after a few commands in vain), and nodemailer then only says that it hung up.
	 */
	get senderRefusal(): SmtpError | undefined {
		return (this as unknown as Inner)._envelope?.mailError;
	}

	/** What the server offers, by keyword in capitals, with its parameters (RFC 5321 §4.1.1.1). Empty after HELO. */
	get offers(): ReadonlyMap<string, readonly string[]> {
		const lines = (this as unknown as Inner)._ehloLines ?? [];
		return new Map(
			lines.map(line => {
				// `AUTH=PLAIN` is how it was spelled before RFC 2554.
				const [keyword = '', ...parameters] = line.toUpperCase().split(/[\s=]+/);
				return [keyword, parameters];
			}),
		);
	}
}
