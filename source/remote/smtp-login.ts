/** Logging in to a submission server (RFC 4954), by our own mechanisms. */
import {Failure} from '../model/failure.ts';
import {safeLine} from '../model/safe-text.ts';
import type {SmtpServer} from '../model/sending.ts';
import * as sasl from './sasl.ts';
import type {StrictConnection} from './smtp-connection.ts';

type Reply = {readonly status: number; readonly text: string; readonly response: string};

/** The first answer goes along, an empty one as `=`; each challenge is a 334. */
export async function prove(mechanism: sasl.Mechanism, say: (line: string) => Promise<Reply>): Promise<void> {
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

export function chooseMechanism({offers}: StrictConnection, server: SmtpServer, secret: string): sasl.Mechanism {
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
