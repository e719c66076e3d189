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
import * as sasl from './sasl.ts';
import {type SmtpError, StrictConnection} from './smtp-connection.ts';
import {outcomeOf, refusalsOf, smtpFailure, smtpLoginFailure} from './smtp-failures.ts';
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
		let isAllHandedOver = false;
		let line: Line | undefined;
		try {
			line = await dial(server, submitting, longestSilence);
			await logIn(line, server, submitting);
			const refusal = unfit(line.connection, letter);
			if (refusal !== undefined) {
				leave(line);
				return refusal;
			}
			return await handOver(line, letter, server, () => {
				isAllHandedOver = true;
			});
		} catch (error) {
			line?.cut();
			return outcomeOf(error as SmtpError, server, isAllHandedOver);
		}
	};

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

type Reply = {readonly status: number; readonly text: string; readonly response: string};

/** RFC 4954: the first answer goes along, an empty one as `=`; each challenge is a 334. */
async function prove(mechanism: sasl.Mechanism, say: (line: string) => Promise<Reply>): Promise<void> {
	const initial = mechanism.first === undefined ? '' : ` ${mechanism.first.toString('base64') || '='}`;
	let reply = await say(`AUTH ${mechanism.name}${initial}`);
	// A server that never tires of asking is left.
	for (let steps = 0; reply.status === 334 && steps < 10; steps++) {
		const challenge = Buffer.from(reply.text.trim(), 'base64');
		let answer: string;
		try {
			answer = mechanism.answer(challenge).toString('base64');
		} catch (error) {
			await say('*');
			throw new Failure('denied', safeLine(`The server could not prove itself (${(error as Error).message})`), error);
		}
		reply = await say(answer);
	}
	if (reply.status !== 235)
		throw Object.assign(new Error('refused'), {response: reply.response, responseCode: reply.status});
	if (!mechanism.isSatisfied())
		throw new Failure(
			'denied',
			safeLine(`The server let us in without proving itself, as ${mechanism.name} demands; left`),
		);
}

function chooseMechanism({offers}: StrictConnection, server: SmtpServer, secret: string): sasl.Mechanism {
	const offered = new Set(offers.get('AUTH') ?? []);
	const {user, host, port, authentication} = server;
	const ways = {
		plain: () => sasl.plain(user, secret),
		'scram-sha-256': () => sasl.scramSha256(user, secret),
		login: () => sasl.login(user, secret),
		xoauth2: () => sasl.xoauth2(user, secret),
		oauthbearer: () => sasl.oauthBearer(user, secret, host, port),
		anonymous: () => sasl.anonymous(user),
	} as const;
	const isOffered = (way: keyof typeof ways): boolean => offered.has(way.toUpperCase());
	const denied = (sentence: string) => new Failure('denied', safeLine(sentence));
	if (offered.size === 0)
		throw denied(`${host}:${port} takes no login over this line. Perhaps it wants STARTTLS or TLS first`);
	if (authentication !== 'auto') {
		if (isOffered(authentication)) return ways[authentication]();
		throw denied(`${host}:${port} does not offer ${authentication} for sending (auto takes what it offers)`);
	}
	// Where nothing hides the password, rather spend two turns than show it.
	const order = ['plain', 'scram-sha-256', 'login'] as const;
	const wanted = server.security === 'none' ? (['scram-sha-256', ...order] as const) : order;
	const way = wanted.find(isOffered);
	if (way === undefined) throw denied(`${host}:${port} offers no login that Bonsai knows: ${[...offered].join(', ')}`);
	return ways[way]();
}

/** What this server cannot take is not even begun. */
function unfit({offers}: StrictConnection, {needsUtf8, sizeBytes}: Letter): Outcome | undefined {
	const no = (sentence: string): Outcome => ({
		state: 'refused',
		because: safeLine(sentence),
		isForNow: false,
		refusals: [],
	});
	const most = Number(offers.get('SIZE')?.[0] ?? 0);
	if (most > 0 && sizeBytes > most)
		return no(`The server takes messages of ${most} bytes at most, and this one has ${sizeBytes}. Send less of it`);
	if (needsUtf8 && !offers.has('SMTPUTF8'))
		return no(
			'The server takes no addresses in other scripts than ASCII (SMTPUTF8). Write to another address of theirs',
		);
	return undefined;
}

async function handOver(line: Line, letter: Letter, server: SmtpServer, allHandedOver: () => void): Promise<Outcome> {
	const octets = createReadStream(letter.file);
	let isEnded = false;
	// Behind the last octet nodemailer writes the dot that ends it.
	octets.once('end', () => {
		isEnded = true;
		allHandedOver();
	});
	const envelope = {
		from: letter.envelope.from,
		to: [...letter.envelope.to],
		size: letter.sizeBytes,
		use8BitMime: letter.isEightBit,
	};
	try {
		const {rejectedErrors} = await asked<{rejectedErrors?: SmtpError[]}>(line, done =>
			line.connection.send(envelope, octets, done as never),
		);
		if (!isEnded) throw Object.assign(new Error('an answer before the end'), {code: 'EPROTOCOL'});
		leave(line);
		return {state: 'sent', refusals: refusalsOf(rejectedErrors)};
	} catch (error) {
		const outcome = outcomeOf(error as SmtpError, server, isEnded);
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
