/**
 * Hands one message to a submission server (RFC 6409, RFC 5321) over nodemailer's SMTP connection: our own dialling,
 * TLS and metering underneath, our own mechanisms for the login.
 *
 * Laws: STARTTLS that is refused is an error, never cleartext (law 11); where we are is never said (EHLO [127.0.0.1]);
 * handing over is tried once. From the moment the last octet of the message goes into the line until the server has
 * answered, a cut leaves it unknown; before that it is certain that nobody has it.
 */
import {createReadStream, readFileSync} from 'node:fs';
import type {Duplex} from 'node:stream';
import tls from 'node:tls';
import {Failure} from '../model/failure.ts';
import type {Letter, Outcome} from '../model/outgoing.ts';
import {safeLine} from '../model/safe-text.ts';
import type {SmtpServer} from '../model/sending.ts';
import {Meter} from './meter.ts';
import {type SmtpError, StrictConnection} from './smtp-connection.ts';
import {outcomeOf, refusalsOf, smtpFailure, smtpLoginFailure} from './smtp-failures.ts';
import {chooseMechanism, prove} from './smtp-login.ts';
import type {Submit, Submitting} from './submission.ts';
import {meteredTransport, type TlsSessions} from './transport.ts';

/** How long a server may think about a message it has all of (RFC 5321 §4.5.3.2.6). */
const longestSilenceMs = 600_000;
const longestGoodByeMs = 5000;
/** An address literal says what the name of this machine would not add: nothing (RFC 5321 §4.1.1.1). */
const name = '[127.0.0.1]';

const sessions: TlsSessions = new Map();

export const smtp =
	(server: SmtpServer, longestSilence = longestSilenceMs): Submit =>
	async (letter, submitting) => {
		let line: Line | undefined;
		let isAllHandedOver = false;
		try {
			line = await dial(server, submitting, longestSilence);
			await logIn(line, server, submitting);
			const refusal = unfit(line.connection, letter);
			if (refusal !== undefined) {
				leave(line);
				return refusal;
			}
			return await handOver(line, letter, server, () => {
				submitting.beforeTheEnd();
				isAllHandedOver = true;
			});
		} catch (error) {
			line?.cut();
			return outcomeOf(error as SmtpError, server, isAllHandedOver);
		}
	};

/** Logs in and leaves: what the server offers. Rejects with a Failure. */
export async function tryOut(
	server: SmtpServer,
	submitting: Submitting,
): Promise<ReadonlyMap<string, readonly string[]>> {
	const line = await dial(server, submitting, longestSilenceMs).catch(error => {
		throw smtpFailure(error, server);
	});
	try {
		await logIn(line, server, submitting);
		return line.connection.offers;
	} finally {
		leave(line);
	}
}

type Line = {
	readonly connection: StrictConnection;
	/** Rejects when the line is lost, whatever is asked. */
	readonly lost: Promise<never>;
	readonly cut: () => void;
};

async function dial(server: SmtpServer, submitting: Submitting, longestSilence: number): Promise<Line> {
	const {patienceMs, signal} = submitting;
	const meter = new Meter(submitting.onSpent);
	meter.ask({purpose: 'sending', mailbox: ''});
	const {promise: lost, reject} = Promise.withResolvers<never>();
	lost.catch(() => {});
	const secure = {
		...(server.certificateFile === '' ? {} : {ca: [...usualCertificates(), readCertificate(server.certificateFile)]}),
	};
	let socket: Duplex | undefined;
	const cut = (): void => void socket?.destroy();
	const stop = (): void => {
		reject(signal.reason);
		cut();
	};
	signal.throwIfAborted();
	signal.addEventListener('abort', stop, {once: true});
	socket = await connected(server, meter, secure, patienceMs, lost);
	const connection = new StrictConnection({
		connection: socket as never,
		host: server.host,
		port: server.port,
		secure: server.security === 'tls',
		secured: server.security === 'tls',
		requireTLS: server.security === 'starttls',
		ignoreTLS: server.security === 'none',
		tls: secure,
		name,
		greetingTimeout: patienceMs,
		connectionTimeout: patienceMs,
		socketTimeout: longestSilence,
		customAuth: {
			BONSAI: ({auth, resolve, reject: refuse, sendCommand}) =>
				void prove(auth.mechanism, sendCommand).then(resolve, refuse),
		},
		logger: false,
	});
	connection.on('error', reject);
	connection.on('end', () => {
		signal.removeEventListener('abort', stop);
		// What is told of its end beside this says more.
		setImmediate(() => reject(new Error('The line was cut')));
	});
	const line = {connection, lost, cut};
	await asked(line, done => connection.connect(done)).catch(error => {
		cut();
		throw smtpFailure(withTlsReason(error, connection), server);
	});
	return line;
}

/** Of a certificate that is not trusted nodemailer only says that the line was cut. */
function withTlsReason(error: SmtpError, {_socket: socket}: StrictConnection): SmtpError {
	const reason: unknown = socket instanceof tls.TLSSocket ? socket.authorizationError : undefined;
	if (reason === undefined || reason === null) return error;
	return Object.assign(new Error(String(reason)), {originalCode: String(reason)});
}

/** The socket, with TLS on it where that comes first. */
function connected(
	{host, port, security}: SmtpServer,
	meter: Meter,
	secure: object,
	patienceMs: number,
	lost: Promise<never>,
): Promise<Duplex> {
	const transport = meteredTransport(meter, sessions, '');
	return new Promise((resolve, reject) => {
		const options = {host, port, servername: host, secure: security === 'tls', tls: secure};
		const socket = transport.connect(options, () => {
			clearTimeout(patience);
			socket.removeListener('error', fail);
			resolve(socket);
		});
		const fail = (error: Error): void => {
			clearTimeout(patience);
			socket.on('error', () => {});
			socket.destroy();
			reject(error);
		};
		const patience = setTimeout(() => fail(Object.assign(new Error('no answer'), {code: 'ETIMEDOUT'})), patienceMs);
		socket.once('error', fail);
		lost.catch(fail);
	});
}

const asked = <T>({lost}: Line, ask: (done: (error?: Error | null, answer?: T) => void) => void): Promise<T> =>
	Promise.race([
		lost,
		new Promise<T>((resolve, reject) => ask((error, answer) => (error ? reject(error) : resolve(answer as T)))),
	]);

async function logIn(line: Line, server: SmtpServer, {secret}: Submitting): Promise<void> {
	if (server.user === '') return;
	const mechanism = chooseMechanism(line.connection, server, await secret());
	try {
		await asked(line, done => line.connection.login({method: 'BONSAI', user: server.user, mechanism}, done));
	} catch (error) {
		throw smtpLoginFailure(error as SmtpError, server);
	}
}

/** What this server cannot take is not even begun. */
function unfit({offers}: StrictConnection, {needsUtf8, sizeBytes, pieces}: Letter): Outcome | undefined {
	const no = (sentence: string): Outcome => ({
		state: 'refused',
		because: safeLine(sentence),
		isForNow: false,
		refusals: [],
	});
	if (pieces !== undefined)
		return no('The server cannot fetch what lies on another. Take it back (d), and fetch the attachments');
	const most = Number(offers.get('SIZE')?.[0] ?? 0);
	if (most > 0 && sizeBytes > most)
		return no(`The server takes messages of ${most} bytes at most, and this one has ${sizeBytes}. Send less of it`);
	if (needsUtf8 && !offers.has('SMTPUTF8'))
		return no(
			'The server takes no addresses in other scripts than ASCII (SMTPUTF8). Write to another address of theirs',
		);
	return undefined;
}

async function handOver(line: Line, letter: Letter, server: SmtpServer, beforeTheEnd: () => void): Promise<Outcome> {
	const octets = createReadStream(letter.file);
	const {promise: noted, reject: refuse} = Promise.withResolvers<never>();
	let isEnded = false;
	// Behind the last octet nodemailer writes the dot that ends it.
	octets.once('end', () => {
		try {
			beforeTheEnd();
			isEnded = true;
		} catch (error) {
			line.cut();
			refuse(Object.assign(new Error((error as Error).message), {code: 'ESTREAM'}));
		}
	});
	const envelope = {
		from: letter.envelope.from,
		to: [...letter.envelope.to],
		size: letter.sizeBytes,
		use8BitMime: letter.isEightBit,
	};
	try {
		const answer = asked<{rejectedErrors?: SmtpError[]}>(line, done =>
			line.connection.send(envelope, octets, done as never),
		);
		const {rejectedErrors} = await Promise.race([answer, noted]);
		if (!isEnded) throw Object.assign(new Error('an answer before the end'), {code: 'EPROTOCOL'});
		leave(line);
		return {state: 'sent', refusals: refusalsOf(rejectedErrors)};
	} catch (error) {
		const isCut = (error as SmtpError).responseCode === undefined && !isEnded;
		const refusal = isCut ? line.connection.senderRefusal : undefined;
		const outcome = outcomeOf(refusal ?? (error as SmtpError), server, isEnded);
		// Within a message QUIT would be a part of it.
		const isWithin = octets.bytesRead > 0 && !isEnded;
		if (outcome.state === 'refused' && !isWithin) leave(line);
		else line.cut();
		return outcome;
	} finally {
		octets.destroy();
	}
}

/** Nobody waits for the good-bye. */
function leave({connection, cut}: Line): void {
	connection.quit();
	setTimeout(cut, longestGoodByeMs).unref();
}

const usualCertificates = (): readonly string[] => tls.getCACertificates?.('default') ?? tls.rootCertificates;

function readCertificate(file: string): Buffer {
	try {
		return readFileSync(file);
	} catch (error) {
		throw new Failure('denied', safeLine(`The certificate file ${file} cannot be read`), error);
	}
}
