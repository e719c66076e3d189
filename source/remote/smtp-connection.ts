/**
 * nodemailer 10.3.1's SMTP connection, made strict (the version is exact on purpose). It is lenient where a server is
 * out of step: it hands a message over on any 2xx to DATA, and says an empty one to end a DATA that nobody may have.
 * Either can deliver what is then said not to be delivered, so here it hangs up instead.
 *
 * It also tells what the server offers, which nodemailer keeps to itself, and lets who says more than it knows (BDAT, BURL)
 * wait for the replies.
 */
import type {Duplex} from 'node:stream';
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

/** `text` with all its lines, as it came. */
export type Reply = {readonly code: number; readonly text: string};

type Answered = (error: Error | null, answer?: unknown) => void;
type Inner = {
	readonly _ehloLines?: readonly string[];
	readonly _responseActions: ((reply: string) => void)[];
	readonly _socket: Duplex;
	readonly _envelope?: {readonly pipelined?: boolean; readonly mailError?: SmtpError};
	_envelopeError(reply: string): Error | null;
	_formatError(message: string, code: string, reply: string, command: string): Error;
};

const dataReply = (SMTPConnection.prototype as unknown as {_actionDATA: (reply: string, done: Answered) => void})
	._actionDATA;

export class StrictConnection extends SMTPConnection {
	#offersNow: readonly string[] | undefined;

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

	/** Whatever is written to it is the dialogue: who writes a command there asks for its `reply` as well. */
	get socket(): Duplex {
		return (this as unknown as Inner)._socket;
	}

	/** The reply to the next command that has none yet. Never rejects; without a line it never resolves. */
	reply(): Promise<Reply> {
		return new Promise(resolve => {
			(this as unknown as Inner)._responseActions.push(text => resolve({code: Number(text.slice(0, 3)), text}));
		});
	}

	/** A reply that is no yes, as nodemailer throws it. */
	refusal({code, text}: Reply, command: string): SmtpError {
		const isRefusal = code >= 400 && code < 600;
		const inner = this as unknown as Inner;
		return isRefusal
			? inner._formatError('It is refused', 'EMESSAGE', text, command)
			: inner._formatError('The server is out of step', 'EPROTOCOL', '', command);
	}

	/** Asks once more what the server offers: behind the login it may be more (RFC 4468 §3.3). */
	async helloAgain(): Promise<void> {
		this.socket.write(`EHLO ${this.name}\r\n`);
		const {code, text} = await this.reply();
		if (code === 250)
			this.#offersNow = text
				.split('\n')
				.slice(1)
				.map(line => line.replace(/^250[ -]/, ''));
	}

	/**
	 * Hosts whose mailboxes it has a trust relationship with, as it spells them (RFC 4468 §3.3); none: it names none, which it
	 * need not.
	 */
	get hostsOfBurl(): readonly string[] {
		const line = this.#lines.find(each => /^BURL\s/i.test(each)) ?? '';
		return [...line.matchAll(/\simap:\/\/([^\s/]+)/gi)].map(([, host = '']) => host);
	}

	get #lines(): readonly string[] {
		return this.#offersNow ?? (this as unknown as Inner)._ehloLines ?? [];
	}

	/** What the server offers, by keyword in capitals, with its parameters (RFC 5321 §4.1.1.1). Empty after HELO. */
	get offers(): ReadonlyMap<string, readonly string[]> {
		return new Map(
			this.#lines.map(line => {
				// `AUTH=PLAIN` is how it was spelled before RFC 2554.
				const [keyword = '', ...parameters] = line.toUpperCase().split(/[\s=]+/);
				return [keyword, parameters];
			}),
		);
	}
}
