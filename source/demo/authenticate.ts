/**
 * LOGIN and AUTHENTICATE: PLAIN, LOGIN, SCRAM-SHA-256 (RFC 5802, RFC 7677), XOAUTH2, OAUTHBEARER (RFC 7628), ANONYMOUS
 * (RFC 4505). A bearer token is right when it is the user's password.
 */
import {createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual} from 'node:crypto';
import type {Commands} from './commands.ts';
import {type Connection, Refusal} from './connection.ts';

type Ask = (challenge: string) => Promise<string>;
type Mechanism = (connection: Connection, first: string | undefined, ask: Ask) => Promise<'user' | 'anonymous'>;

const failed = (): Refusal => new Refusal('NO', '[AUTHENTICATIONFAILED] Authentication failed.');

const check = (connection: Connection, user: string, password: string): 'user' => {
	if (connection.world.users.some(known => known.user === user && known.password === password)) return 'user';
	throw failed();
};

const plain: Mechanism = async (connection, first, ask) => {
	const [, user, password] = (first ?? (await ask(''))).split('\0');
	return check(connection, user ?? '', password ?? '');
};

const login: Mechanism = async (connection, first, ask) => {
	const user = first ?? (await ask('Username:'));
	return check(connection, user, await ask('Password:'));
};

const anonymous: Mechanism = async (_, first, ask) => {
	if (first === undefined) await ask('');
	return 'anonymous';
};

const bearer =
	(findUser: RegExp): Mechanism =>
	async (connection, first, ask) => {
		const text = first ?? (await ask(''));
		const user = findUser.exec(text)?.[1] ?? '';
		const token = /\x01auth=Bearer ([^\x01]*)/i.exec(text)?.[1] ?? '';
		try {
			return check(connection, user, token);
		} catch {
			await ask('{"status":"400","schemes":"bearer","scope":"mail"}');
			throw failed();
		}
	};

const iterations = 4096;

const scram: Mechanism = async (connection, first, ask) => {
	const hello = /^([ny]|p=[^,]*),([^,]*),((?:m=[^,]*,)?n=([^,]*),r=([^,]+).*)$/.exec(first ?? (await ask('')));
	if (hello === null || hello[1]?.startsWith('p')) throw failed();
	const [, binding, authorization, bare, name, clientNonce] = hello;
	const user = (name ?? '').replace(/=2C/g, ',').replace(/=3D/g, '=');
	const password = connection.world.users.find(known => known.user === user)?.password;
	// The salt depends on the name only, so that nobody learns which names exist.
	const salt = createHash('sha256').update(`bonsai ${user}`).digest().subarray(0, 16);
	const nonce = clientNonce + randomBytes(18).toString('base64');
	const serverFirst = `r=${nonce},s=${salt.toString('base64')},i=${iterations}`;
	const final = /^(c=([^,]*),r=([^,]*)(?:,[^p][^,]*)*),p=([^,]*)$/.exec(await ask(serverFirst));
	if (final === null || password === undefined || final[3] !== nonce) throw failed();
	if (Buffer.from(final[2]!, 'base64').toString() !== `${binding},${authorization},`) throw failed();
	const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256');
	const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
	const clientKey = hmac(salted, 'Client Key');
	const storedKey = createHash('sha256').update(clientKey).digest();
	const whole = `${bare},${serverFirst},${final[1]}`;
	const signature = hmac(storedKey, whole);
	const proof = Buffer.from(final[4]!, 'base64');
	const expected = Buffer.from(clientKey.map((byte, i) => byte ^ signature[i]!));
	if (proof.length !== expected.length || !timingSafeEqual(proof, expected)) throw failed();
	await ask(`v=${hmac(hmac(salted, 'Server Key'), whole).toString('base64')}`);
	return 'user';
};

const mechanisms: Readonly<Record<string, Mechanism>> = {
	PLAIN: plain,
	LOGIN: login,
	ANONYMOUS: anonymous,
	XOAUTH2: bearer(/^user=([^\x01]*)\x01/i),
	OAUTHBEARER: bearer(/^n,a=([^,]*),\x01/i),
	'SCRAM-SHA-256': scram,
};

const welcome = (connection: Connection, who: 'user' | 'anonymous'): string => {
	connection.state = 'authenticated';
	connection.isAnonymous = who === 'anonymous';
	return `OK [CAPABILITY ${connection.capabilityLine}] Logged in`;
};

const mayBeReadOnTheWay = (connection: Connection): boolean =>
	connection.has('LOGINDISABLED') && !connection.wire.hasTls;

export const authenticateCommands: Commands = {
	LOGIN: {
		state: 'not-authenticated',
		run(connection, cursor) {
			cursor.space();
			const user = cursor.astring();
			cursor.space();
			const password = cursor.astring();
			cursor.end();
			if (mayBeReadOnTheWay(connection)) throw new Refusal('NO', '[PRIVACYREQUIRED] LOGIN is disabled without TLS.');
			return welcome(connection, check(connection, decode(user), decode(password)));
		},
	},
	AUTHENTICATE: {
		state: 'not-authenticated',
		async run(connection, cursor) {
			cursor.space();
			const name = cursor.word();
			const mechanism = Object.hasOwn(mechanisms, name) ? mechanisms[name] : undefined;
			let first: string | undefined;
			if (cursor.take(' ')) {
				if (!connection.has('SASL-IR')) throw new Refusal('BAD', 'SASL-IR was not announced.');
				first = decodeBase64(cursor.run(/[A-Za-z0-9+/=]/, 'an initial response'));
			}
			cursor.end();
			if (mechanism === undefined || !connection.has(`AUTH=${name}`)) {
				throw new Refusal('NO', '[CANNOT] Unsupported authentication mechanism.');
			}
			if (/^(PLAIN|LOGIN)$/.test(name) && mayBeReadOnTheWay(connection)) {
				throw new Refusal('NO', '[PRIVACYREQUIRED] Plaintext authentication is disabled without TLS.');
			}
			const ask: Ask = async challenge => {
				const answer = await connection.ask(Buffer.from(challenge, 'utf8').toString('base64'));
				if (answer === '*') throw new Refusal('BAD', 'Authentication aborted.');
				if (!/^[A-Za-z0-9+/]*={0,2}$/.test(answer)) throw new Refusal('BAD', 'Invalid base64.');
				return decodeBase64(answer);
			};
			return welcome(connection, await mechanism(connection, first, ask));
		},
	},
};

const decode = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');
const decodeBase64 = (text: string): string => (text === '=' ? '' : Buffer.from(text, 'base64').toString('utf8'));
