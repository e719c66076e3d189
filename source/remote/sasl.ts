/**
 * The SASL mechanisms (RFC 4422), each as what to send first and how to answer a challenge.
 * PLAIN RFC 4616 · LOGIN (expired draft) · SCRAM-SHA-256 RFC 7677 · ANONYMOUS RFC 4505 · OAUTHBEARER RFC 7628 · XOAUTH2 (Google).
 */
import {createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual} from 'node:crypto';

export type Mechanism = {
	readonly name: string;
	/** Sent with the command where the server allows it (SASL-IR, RFC 4959), else as the first answer. */
	readonly first: Buffer | undefined;
	/** The answer to a challenge. Throws when the server proves not to know the password (SCRAM). */
	readonly answer: (challenge: Buffer) => Buffer;
	/** One message from us and done: nothing after it has to wait for a challenge. */
	readonly isOneStep: boolean;
	/** False when the server said OK without proving itself where the mechanism makes it prove itself. */
	readonly isSatisfied: () => boolean;
};

const always = (): boolean => true;

const nothing = Buffer.alloc(0);

export function plain(user: string, password: string): Mechanism {
	return {
		name: 'PLAIN',
		first: Buffer.from(`\0${user}\0${password}`),
		answer: () => nothing,
		isOneStep: true,
		isSatisfied: always,
	};
}

export function login(user: string, password: string): Mechanism {
	let asked = 0;
	return {
		name: 'LOGIN',
		first: undefined,
		answer: () => Buffer.from(asked++ === 0 ? user : password),
		isOneStep: false,
		isSatisfied: always,
	};
}

export function anonymous(trace: string): Mechanism {
	return {name: 'ANONYMOUS', first: Buffer.from(trace), answer: () => nothing, isOneStep: true, isSatisfied: always};
}

/** On refusal the server sends a JSON challenge; the empty answer makes it send the tagged NO. */
export function oauthBearer(user: string, token: string, host: string, port: number): Mechanism {
	const first = `n,a=${saslName(user)},\x01host=${host}\x01port=${port}\x01auth=Bearer ${token}\x01\x01`;
	return {
		name: 'OAUTHBEARER',
		first: Buffer.from(first),
		answer: () => Buffer.from('\x01'),
		isOneStep: true,
		isSatisfied: always,
	};
}

export function xoauth2(user: string, token: string): Mechanism {
	const first = Buffer.from(`user=${user}\x01auth=Bearer ${token}\x01\x01`);
	return {name: 'XOAUTH2', first, answer: () => nothing, isOneStep: true, isSatisfied: always};
}

const saslName = (name: string): string => name.replaceAll('=', '=3D').replaceAll(',', '=2C');
const hmac = (key: Buffer, text: string | Buffer): Buffer => createHmac('sha256', key).update(text).digest();
/** A server that asks for fewer makes the password cheap to guess; for more, that we freeze (RFC 7677 §4). */
const fewestIterations = 4096;
const mostIterations = 10_000_000;

export function scramSha256(user: string, password: string, nonce = randomBytes(18).toString('base64')): Mechanism {
	const bare = `n=${saslName(user.normalize('NFKC'))},r=${nonce}`;
	let serverSignature: Buffer | undefined;
	let isProven = false;

	const prove = (challenge: string): Buffer => {
		const fields = new Map(challenge.split(',').map(field => [field.slice(0, 1), field.slice(2)] as const));
		const serverNonce = fields.get('r') ?? '';
		const iterations = Number(fields.get('i'));
		if (!serverNonce.startsWith(nonce) || serverNonce.length === nonce.length)
			throw new Error('SCRAM: the nonce is not ours');
		if (!(iterations >= fewestIterations && iterations <= mostIterations))
			throw new Error('SCRAM: a bad iteration count');
		const salted = pbkdf2Sync(
			password.normalize('NFKC'),
			Buffer.from(fields.get('s') ?? '', 'base64'),
			iterations,
			32,
			'sha256',
		);
		const clientKey = hmac(salted, 'Client Key');
		const storedKey = createHash('sha256').update(clientKey).digest();
		const withoutProof = `c=biws,r=${serverNonce}`;
		const signed = `${bare},${challenge},${withoutProof}`;
		const signature = hmac(storedKey, signed);
		serverSignature = hmac(hmac(salted, 'Server Key'), signed);
		const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
		return Buffer.from(`${withoutProof},p=${proof.toString('base64')}`);
	};

	return {
		name: 'SCRAM-SHA-256',
		first: Buffer.from(`n,,${bare}`),
		answer(challenge) {
			const text = challenge.toString('utf8');
			if (!text.startsWith('v=')) return prove(text);
			const theirs = Buffer.from(text.slice(2), 'base64');
			const isTheServer = serverSignature?.length === theirs.length && timingSafeEqual(serverSignature, theirs);
			if (!isTheServer) throw new Error('SCRAM: the server does not know the password either');
			isProven = true;
			return nothing;
		},
		isOneStep: false,
		isSatisfied: () => isProven,
	};
}
