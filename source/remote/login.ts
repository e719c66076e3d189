/**
 * The shortest login (three waits on a server never met, two on one remembered): greeting → AUTHENTICATE
 * (with its first answer, SASL-IR) → SELECT and COMPRESS in one packet. On a remembered server all three leave
 * together; what it announces after login is checked against what was remembered. Who wants what changed waits once more,
 * for COMPRESS: SELECT then brings any number of flags, which take a tenth of the bytes.
 *
 * Laws: STARTTLS that fails is an error, never cleartext (law 11); a refused password in a burst is reported as
 * that, not as the failure of what followed it.
 */
import type {Account} from '../model/account.ts';
import {Failure} from '../model/failure.ts';
import {safeLine} from '../model/safe-text.ts';
import {loginFailure} from './failures.ts';
import {textOf} from './fetched-row.ts';
import type {PipelinedImapFlow, Response} from './pipelined-imapflow.ts';
import type {RememberedServer} from './remote.ts';
import * as sasl from './sasl.ts';

type Login = {
	readonly account: Account;
	readonly secret: () => Promise<string>;
	readonly remembered: RememberedServer | undefined;
	/** Sends SELECT, when there is a mailbox to open. Never rejects. */
	readonly select: () => Promise<void>;
	/** Whether the answer to it may be long. */
	readonly wantsChanges: boolean;
};

export async function logIn(client: PipelinedImapFlow, login: Login): Promise<void> {
	const {account, remembered} = login;
	if (client.capabilities.size === 0) await client.run('CAPABILITY');
	const isOffered = client.capabilities.has('STARTTLS');
	try {
		await client.upgradeToSTARTTLS();
	} catch (error) {
		// imapflow says of a refusal, too, that the server does not support it.
		if (isOffered && /does not support/.test((error as Error).message)) (error as Error).message = 'it refuses to';
		throw error;
	}

	if (client.state === client.states.NOT_AUTHENTICATED) {
		const mechanism = chooseMechanism(client, account, await login.secret());
		const isKnown =
			remembered !== undefined &&
			(mechanism === undefined || (mechanism.isOneStep && client.capabilities.has('SASL-IR')));
		client.expectCapabilityUpdate = true;
		const proof = authenticate(client, login, mechanism);
		if (isKnown) {
			const isCompressing = remembered.capabilities.includes('COMPRESS=DEFLATE');
			// imapflow looks the capability up before it asks; what the server says after login replaces this.
			if (isCompressing) client.capabilities.set('COMPRESS=DEFLATE', true);
			const isLater = isCompressing && login.wantsChanges;
			const burst = Promise.all([...(isLater ? [] : [login.select()]), ...(isCompressing ? [client.compress()] : [])]);
			// What fails with the login, on a line that is gone, is said by that.
			burst.catch(() => {});
			await proof;
			await burst;
			if (client.expectCapabilityUpdate) await client.run('CAPABILITY');
			if (isLater) await login.select();
			return;
		}
		await proof;
		if (client.expectCapabilityUpdate) await client.run('CAPABILITY');
	}
	const isCompressing = client.capabilities.has('COMPRESS=DEFLATE');
	const isLater = isCompressing && login.wantsChanges;
	const selecting = isLater ? undefined : login.select();
	if (isCompressing) await client.compress();
	await (selecting ?? login.select());
}

function chooseMechanism(client: PipelinedImapFlow, account: Account, secret: string): sasl.Mechanism | undefined {
	const {user} = account;
	const offers = (name: string): boolean => client.capabilities.has(`AUTH=${name}`);
	const make: Record<string, () => sasl.Mechanism> = {
		plain: () => sasl.plain(user, secret),
		login: () => sasl.login(user, secret),
		'scram-sha-256': () => sasl.scramSha256(user, secret),
		xoauth2: () => sasl.xoauth2(user, secret),
		oauthbearer: () => sasl.oauthBearer(user, secret, account.host, account.port),
		anonymous: () => sasl.anonymous(user || 'bonsai'),
	};
	if (account.authentication !== 'auto') {
		const mechanism = make[account.authentication]?.();
		if (mechanism && offers(mechanism.name)) return mechanism;
		if (account.authentication === 'login' || account.authentication === 'plain') return undefined;
		throw new Failure(
			'denied',
			safeLine(
				`The server does not offer ${account.authentication}. Choose another way with --authentication (auto takes what it offers)`,
			),
		);
	}
	// Where nothing hides the password, rather spend two turns than show it.
	if (account.security === 'none' && offers('SCRAM-SHA-256')) return make['scram-sha-256']?.();
	if (offers('PLAIN')) return make.plain?.();
	if (offers('SCRAM-SHA-256')) return make['scram-sha-256']?.();
	if (client.capabilities.has('LOGINDISABLED') && offers('LOGIN')) return make.login?.();
	return undefined;
}

async function authenticate(
	client: PipelinedImapFlow,
	login: Login,
	mechanism: sasl.Mechanism | undefined,
): Promise<void> {
	try {
		if (mechanism) await authenticateWith(client, mechanism);
		else await plainLogin(client, login);
	} catch (error) {
		throw loginFailure(error, login.account);
	}
	if (client.state === client.states.NOT_AUTHENTICATED) client.state = client.states.AUTHENTICATED;
	client.authenticated = login.account.user;
}

async function authenticateWith(client: PipelinedImapFlow, mechanism: sasl.Mechanism): Promise<void> {
	const isInitial = mechanism.first !== undefined && client.capabilities.has('SASL-IR');
	// An empty first answer is spelled `=` (RFC 4959 §3).
	const initial = isInitial ? mechanism.first?.toString('base64') || '=' : undefined;
	let isFirstAsked = mechanism.first === undefined || isInitial;
	let broken: unknown;
	await client
		.command(
			'AUTHENTICATE',
			[{type: 'ATOM', value: mechanism.name}, ...(initial ? [{type: 'ATOM', value: initial, sensitive: true}] : [])],
			{
				isLast: !(mechanism.isOneStep && isInitial),
				onPlusTag(response: Response) {
					try {
						const answer = isFirstAsked
							? mechanism.answer(Buffer.from(challengeOf(response), 'base64'))
							: mechanism.first;
						isFirstAsked = true;
						client.write((answer ?? Buffer.alloc(0)).toString('base64'));
					} catch (error) {
						broken = error;
						client.write('*');
					}
				},
			},
		)
		.catch(error => {
			throw broken === undefined
				? error
				: new Failure('denied', safeLine(`The server could not prove itself (${(broken as Error).message})`), broken);
		});
	if (!mechanism.isSatisfied())
		throw new Failure(
			'denied',
			safeLine(`The server let us in without proving itself, as ${mechanism.name} demands; left`),
		);
}

const challengeOf = (response: Response): string => textOf(response.attributes?.[0]) ?? '';

async function plainLogin(client: PipelinedImapFlow, {account, secret}: Login): Promise<void> {
	if (client.capabilities.has('LOGINDISABLED')) {
		throw new Failure('denied', safeLine('The server allows no login over this line. Use --security starttls or tls'));
	}
	await client.command('LOGIN', [
		{type: 'STRING', value: account.user},
		{type: 'STRING', value: await secret(), sensitive: true},
	]);
}
