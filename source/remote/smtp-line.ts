/**
 * The line to a submission server: dialled, with TLS on it as the account says, counted, and left. What goes wrong before
 * there is one is a Failure.
 */
import type {Duplex} from 'node:stream';
import tls from 'node:tls';
import type {SmtpServer} from '../model/sending.ts';
import {trusting} from './certificates.ts';
import {Meter} from './meter.ts';
import {type SmtpError, StrictConnection} from './smtp-connection.ts';
import {smtpFailure} from './smtp-failures.ts';
import {prove} from './smtp-login.ts';
import type {Submitting} from './submission.ts';
import {meteredTransport, type TlsSessions} from './transport.ts';

const longestGoodByeMs = 5000;
/** An address literal says what the name of this machine would not add: nothing (RFC 5321 §4.1.1.1). */
const name = '[127.0.0.1]';

const sessions: TlsSessions = new Map();

export type Line = {
	readonly connection: StrictConnection;
	/** Rejects when the line is lost, whatever is asked. */
	readonly lost: Promise<never>;
	readonly cut: () => void;
};

export async function dial(server: SmtpServer, submitting: Submitting, longestSilence: number): Promise<Line> {
	const {patienceMs, signal} = submitting;
	const meter = new Meter(submitting.onSpent);
	meter.ask({purpose: 'sending', mailbox: ''});
	const {promise: lost, reject} = Promise.withResolvers<never>();
	lost.catch(() => {});
	const secure = trusting(server.certificateFile);
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

export const asked = <T>({lost}: Line, ask: (done: (error?: Error | null, answer?: T) => void) => void): Promise<T> =>
	Promise.race([
		lost,
		new Promise<T>((resolve, reject) => ask((error, answer) => (error ? reject(error) : resolve(answer as T)))),
	]);

/** Nobody waits for the good-bye. */
export function leave({connection, cut}: Line): void {
	connection.quit();
	setTimeout(cut, longestGoodByeMs).unref();
}
