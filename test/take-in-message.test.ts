/** A message on the standard input: all of it, or nothing. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {Readable} from 'node:stream';
import {type TestContext, test} from 'node:test';
import type {Config} from '../source/config.ts';
import {OutgoingMail} from '../source/store/outgoing.ts';
import {Refused, sysexits} from '../source/sysexits.ts';
import {takeIn} from '../source/take-in-message.ts';
import {ownFolder} from './helpers/own-folder.ts';
import {plainAccount} from './helpers/plain-account.ts';
import {sendingTo} from './helpers/run-send.ts';

const wanted = {recipients: ['bob@example.org'], takesRecipients: false, endsAtDot: false, from: undefined};
const half = 'From: ada@example.org\r\nSubject: Stores\r\n\r\nPlease do not\r\n';

/** Half a message comes; when that was taken it is stopped. */
function stopped(context: TestContext, {isEnding}: {readonly isEnding: boolean}) {
	const folder = ownFolder(context);
	const stop = new AbortController();
	let reads = 0;
	const input = new Readable({
		highWaterMark: 1,
		read() {
			if (reads++ === 0) this.push(half);
			else
				setImmediate(() => {
					stop.abort();
					if (isEnding) this.push(null);
				});
		},
	});
	const config = {accountFolder: () => folder} as unknown as Config;
	const account = plainAccount(1, {sending: sendingTo(1)});
	return {folder, taken: takeIn(config, [account], wanted as never, input as never, stop.signal)};
}

for (const isEnding of [true, false])
	test(`what is stopped is not taken in, ${isEnding ? 'though its input ends as that of a whole one does' : 'and no more of it is waited for'}`, async context => {
		// A ^C reaches whoever writes the message as well.
		const {folder, taken} = stopped(context, {isEnding});
		await assert.rejects(taken, (error: unknown) => error instanceof Refused && error.code === sysexits.later);
		const {folder: outgoing} = new OutgoingMail(folder);
		assert.deepEqual(fs.readdirSync(outgoing), []);
	});
