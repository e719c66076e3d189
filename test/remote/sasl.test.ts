import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as sasl from '../../source/remote/sasl.ts';

const text = (bytes: Buffer | undefined): string => bytes?.toString('utf8') ?? '';

test('PLAIN, ANONYMOUS, XOAUTH2 and OAUTHBEARER are one message each (RFC 4616, 4505, 7628)', () => {
	assert.equal(text(sasl.plain('tim', 'tanstaaftanstaaf').first), '\0tim\0tanstaaftanstaaf');
	assert.equal(text(sasl.anonymous('sirhc').first), 'sirhc');
	assert.equal(
		text(sasl.xoauth2('user@example.org', 'token').first),
		'user=user@example.org\x01auth=Bearer token\x01\x01',
	);
	const bearer = sasl.oauthBearer('user,1=2', 'token', 'server.example.com', 143);
	assert.equal(
		text(bearer.first),
		'n,a=user=2C1=3D2,\x01host=server.example.com\x01port=143\x01auth=Bearer token\x01\x01',
	);
	assert.equal(text(bearer.answer(Buffer.from('{"status":"invalid_token"}'))), '\x01');
});

test('SCRAM-SHA-256 answers as in the example of RFC 7677 §3', () => {
	const scram = sasl.scramSha256('user', 'pencil', 'rOprNGfwEbeRWgbNEkqO');
	assert.equal(text(scram.first), 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO');
	const challenge = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096';
	assert.equal(
		text(scram.answer(Buffer.from(challenge))),
		'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
	);
	assert.equal(scram.isSatisfied(), false);
	assert.equal(text(scram.answer(Buffer.from('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='))), '');
	assert.equal(scram.isSatisfied(), true);
});

test('SCRAM refuses a server that does not know the password, and a count made to weaken or to freeze', () => {
	const challenge = (nonce: string, iterations: number) =>
		Buffer.from(`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=${iterations}`);
	const start = () => sasl.scramSha256('user', 'pencil', 'ours');
	assert.throws(() => start().answer(challenge('theirs', 4096)), /nonce/);
	assert.throws(() => start().answer(challenge('ours', 4096)), /nonce/);
	assert.throws(() => start().answer(challenge('oursTheirs', 1)), /iteration/);
	assert.throws(() => start().answer(challenge('oursTheirs', 1e9)), /iteration/);
	const scram = start();
	scram.answer(challenge('oursTheirs', 4096));
	assert.throws(() => scram.answer(Buffer.from('v=AAAA')), /does not know the password/);
	assert.equal(scram.isSatisfied(), false);
});
