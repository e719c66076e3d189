/** A command that is called as sendmail is. */
import assert from 'node:assert/strict';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import type {Letter, Outcome} from '../../source/model/outgoing.ts';
import {sendmail} from '../../source/remote/sendmail.ts';

function letterIn(context: TestContext, to = ['bo@example.net']): {readonly letter: Letter; readonly folder: string} {
	const folder = mkdtempSync(path.join(tmpdir(), 'bonsai-sendmail-'));
	context.after(() => rmSync(folder, {recursive: true}));
	const octets = 'Subject: hi\r\n\r\n.\r\nhello\r\n';
	writeFileSync(path.join(folder, 'letter'), octets);
	const envelope = {from: 'ada@example.org', to};
	return {
		folder,
		letter: {
			file: path.join(folder, 'letter'),
			envelope,
			sizeBytes: octets.length,
			isEightBit: false,
			needsUtf8: false,
		},
	};
}

const hand = (command: string, letter: Letter): Promise<Outcome> =>
	sendmail(command)(letter, {
		secret: async () => '',
		onSpent: () => {},
		beforeTheEnd: () => {},
		patienceMs: 1000,
		signal: new AbortController().signal,
	});

test('it is given the sender, the recipients and the message in lines of this system, and nothing is left behind', async context => {
	const {folder, letter} = letterIn(context, ['bo@example.net', '-oQ/tmp', 'a$(touch pwned)b@x', "it's@x"]);
	const script = path.join(folder, 'take');
	writeFileSync(script, `for each; do echo "$each"; done > ${folder}/words; cat > ${folder}/message`);
	assert.deepEqual(await hand(`sh ${script}`, letter), {state: 'sent', refusals: []});
	const words = readFileSync(path.join(folder, 'words'), 'utf8').trimEnd().split('\n');
	assert.deepEqual(words, ['-oi', '-f', 'ada@example.org', '--', ...letter.envelope.to]);
	assert.equal(readFileSync(path.join(folder, 'message'), 'utf8'), 'Subject: hi\n\n.\nhello\n');
	assert.deepEqual(readdirSync(folder).sort(), ['letter', 'message', 'take', 'words']);
	assert.ok(!existsSync('pwned'));
});

test('its exit codes are those of sysexits, and what says nothing of the message leaves it unknown', async context => {
	const {letter} = letterIn(context);
	const end = async (script: string): Promise<string> => {
		const outcome = await hand(`sh -c '${script}'`, letter);
		return outcome.state === 'refused' ? `refused ${outcome.isForNow ? 'for now' : 'for good'}` : outcome.state;
	};
	assert.equal(await end('exit 0'), 'sent');
	assert.equal(await end('exit 75'), 'refused for now');
	assert.equal(await end('exit 67'), 'refused for good');
	assert.equal(await end('exit 1'), 'unknown');
	assert.equal(await end('kill -9 $$'), 'unknown');
});

test('its last words are the reason, made safe, and a command that is not there sends nothing', async context => {
	const {letter} = letterIn(context);
	const refused = await hand(`sh -c 'echo first >&2; printf "no such \\033[31muser" >&2; exit 67'`, letter);
	assert.ok(refused.state === 'refused' && refused.because.endsWith('no such ␛[31muser'), JSON.stringify(refused));
	const missing = await hand('/nowhere/sendmail', letter);
	assert.ok(missing.state === 'unsent' && missing.failure.kind === 'denied');
});
