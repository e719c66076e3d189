/** Writing, in the real program: nothing that was typed is lost, whatever ends it, and what leaves is what was written. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {startDemoServer} from '../../source/demo/server.ts';
import type {Account} from '../../source/model/account.ts';
import {noSending} from '../../source/model/sending.ts';
import {inboxOf, keepAccount, letter} from '../helpers/bonsai-on.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {eventually, type Home, openBonsai, ownHome} from '../helpers/screen.ts';

const robin = {name: 'Robin Aske', address: 'robin.aske@aurelia.example', signatureFile: '', mailboxes: []};
/** Nobody takes it, so that it stays to be looked at. */
const sending: Account['sending'] = {...noSending, command: 'false', identities: [robin]};

async function writing(t: TestContext, preferences = {}) {
	const server = await startDemoServer({
		mailboxes: inboxOf(letter({subject: 'Soup', from: 'Ada Lind <ada@station.example>'})),
	});
	t.after(() => server.close());
	const home = ownHome();
	keepAccount(home, {port: server.port, user: 'demo', sending}, preferences);
	const open = (env: Readonly<Record<string, string>> = {}) => {
		const bonsai = openBonsai({home, env: {BONSAI_TEST_PASSWORD: 'demo', ...env}});
		t.after(() => bonsai.close());
		return bonsai;
	};
	return {home, open};
}

const filesIn = (home: Home, folder: string, end: string): string[] => {
	const place = path.join(home.environment.BONSAI_HOME ?? '', 'accounts/work', folder);
	const names = fs.existsSync(place) ? fs.readdirSync(place) : [];
	return names.filter(name => name.endsWith(end)).map(name => path.join(place, name));
};
const texts = (home: Home, folder: string, end: string): string =>
	filesIn(home, folder, end)
		.map(file => fs.readFileSync(file, 'utf8'))
		.join('\n');

/** An editor that is a script; `$1` is the file. */
function editor(home: Home, script: string): string {
	const file = path.join(home.path, 'editor');
	fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, {mode: 0o755});
	return file;
}

describe('what one types', () => {
	test('is there after kill -9, as it was at the last pause, and can be gone on with', async t => {
		const {home, open} = await writing(t);
		const bonsai = open();
		await bonsai.standsOn('Soup');
		bonsai.press('m', ...'ada@station.example', 'Enter', ...'The soup', 'Enter', 'Enter', ...'It was good.');
		await bonsai.sees('It was good.');
		await eventually(() => texts(home, 'drafts', '.json').includes('It was good.'), 'the draft on the disk');
		bonsai.press(...' Truly');
		await bonsai.sees('Truly');
		bonsai.kill();
		await bonsai.exited;
		const again = open();
		await again.standsOn('Soup');
		again.press(':', ...'drafts', 'Enter');
		await again.standsOn('The soup');
		again.press('Enter');
		await again.sees('It was good.');
	});
	test('is there when the terminal goes, or the program is told to end, without a pause', async t => {
		const {home, open} = await writing(t);
		for (const [word, end] of [
			['Window', 'closeWindow'],
			['Told', 'signal'],
		] as const) {
			const bonsai = open();
			await bonsai.standsOn('Soup');
			bonsai.press('m', ...'ada@station.example', 'Enter', ...word);
			await bonsai.sees(word);
			bonsai.press('Enter');
			await bonsai.sees(`write: ${word}`);
			if (end === 'signal') bonsai.signal('SIGTERM');
			else bonsai.closeWindow();
			await bonsai.exited;
			assert.match(texts(home, 'drafts', '.json'), new RegExp(`"subject":"${word}"`));
		}
	});
	test('in an editor is there when both are killed over it', async t => {
		const {home, open} = await writing(t);
		const EDITOR = editor(home, 'echo "written in the editor" >> "$1"; echo ready; read never');
		const bonsai = open({EDITOR});
		await bonsai.standsOn('Soup');
		bonsai.press('m', ...'ada@station.example', 'Enter', ...'The soup', 'Enter', 'Enter');
		await bonsai.sees('ready');
		bonsai.kill();
		await bonsai.exited;
		const again = open();
		await again.standsOn('Soup');
		again.press(':', ...'drafts', 'Enter');
		await again.standsOn('The soup');
		again.press('Enter');
		await again.sees('written in the editor');
	});
});

describe('the editor', () => {
	test('that is built in has the cursor where one types, and a letter costs one octet', async t => {
		const {open} = await writing(t);
		const bonsai = open();
		await bonsai.standsOn('Soup');
		bonsai.press('m', 'Enter', 'Enter', 'e');
		await bonsai.sees('Escape ends the text');
		for (const [index, letter] of [...'hello'].entries()) {
			const before = bonsai.output.length;
			bonsai.press(letter);
			await eventually(() => bonsai.cursor.column === index + 1, `the cursor behind ${letter}`);
			assert.equal(bonsai.output.subarray(before).toString(), letter);
		}
		bonsai.press('Enter', 'x');
		await bonsai.sees(/^hello *\nx/m);
		bonsai.press('Up', 'End');
		await eventually(
			() => bonsai.cursor.row === 1 && bonsai.cursor.column === 5,
			'the cursor is back in the first line',
		);
		bonsai.press('Escape');
		await bonsai.standsOn('Text      2 lines');
	});
	test('has the terminal, all its keys, and gives it back; what it says stays its own', async t => {
		const {home, open} = await writing(t);
		const EDITOR = editor(home, 'printf "line $(($(wc -l < "$1")))? "; read answer; echo "$answer" >> "$1"');
		const bonsai = open({EDITOR});
		await bonsai.standsOn('Soup');
		bonsai.press('m', 'Enter', 'Enter');
		await bonsai.standsOn('Text');
		for (const [index, word] of ['quick', 'brown'].entries()) {
			bonsai.press('e');
			await bonsai.sees(`line ${index}? `);
			bonsai.press(...word, 'Enter');
			await bonsai.sees(new RegExp(`Text +. line.*\n[\\s\\S]*${word}`));
		}
		assert.match(bonsai.text, /quick\nbrown/);
		bonsai.press('q');
		await bonsai.standsOn('Soup');
	});
	test('may be vi', {skip: fs.existsSync('/usr/bin/vi') ? false : 'there is no vi here'}, async t => {
		const {open} = await writing(t);
		const bonsai = open({EDITOR: 'vi'});
		await bonsai.standsOn('Soup');
		bonsai.press('m', 'Enter', 'Enter');
		await bonsai.standsOn('Text');
		bonsai.press('e');
		await bonsai.sees(/~ *\n.*0,0-1/);
		// What it asks the terminal as it starts throws away what is typed then.
		await bonsai.pressUntil('i', /INSERT/i);
		bonsai.press(...'hello from vi');
		await bonsai.sees('hello from vi');
		bonsai.press('Escape');
		bonsai.press(...':wq', 'Enter');
		await bonsai.sees('a new message');
		await bonsai.sees('hello from vi');
		bonsai.press('q');
		await bonsai.standsOn('Soup');
	});
	test('that is not there says so, and nothing is lost', async t => {
		const {open} = await writing(t);
		const bonsai = open({EDITOR: 'no-such-editor-anywhere'});
		await bonsai.standsOn('Soup');
		bonsai.press('m', 'Enter', 'Enter', 'e');
		await bonsai.sees('no-such-editor-anywhere was not found');
	});
});

test('a mailto: URL from the shell is a message to write, without what is dangerous in it, and costs nothing', async t => {
	const server = await startDemoServer();
	t.after(() => server.close());
	const home = ownHome();
	keepAccount(home, {port: server.port, user: 'demo', sending});
	const url = 'mailto:ada@station.example?subject=Soup%0D%0ABcc:%20x@y.org&attach=/etc/passwd&body=Hello';
	const bonsai = openBonsai({home, args: [url], env: {BONSAI_TEST_PASSWORD: 'demo'}});
	t.after(() => bonsai.close());
	await bonsai.sees('Soup Bcc: x@y.org');
	await bonsai.sees('attach, which was left out');
	assert.match(bonsai.text, /To +ada@station\.example\n Cc *\n Bcc *\n/);
	assert.deepEqual(server.transcript, []);
	bonsai.press('q');
	await bonsai.standsOn('Line up until 19:00');
});

test('an answer on a real server goes to who wrote, in its thread, with what was quoted and written', {
	skip: withoutDovecot,
}, async t => {
	const dovecot = await startDovecot();
	t.after(() => dovecot.stop());
	const home = ownHome();
	keepAccount(home, {port: dovecot.port, user: 'robin', sending});
	const original = [
		'From: Ada Lind <ada@station.example>',
		'To: robin.aske@aurelia.example, bob@station.example',
		'Reply-To: Ada at home <ada@home.example>',
		'Subject: =?utf-8?q?Caf=C3=A9?=',
		'Date: Fri, 20 Nov 2026 12:00:00 +0000',
		'Message-ID: <2@station.example>',
		'References: <1@station.example>',
		'Content-Type: text/plain; charset=utf-8; format=flowed',
		'',
		'One paragraph ',
		'that flows.',
		'',
	].join('\r\n');
	const maildir = path.join(dovecot.home('robin'), 'Maildir');
	for (const folder of ['new', 'cur', 'tmp']) fs.mkdirSync(path.join(maildir, folder), {recursive: true});
	fs.writeFileSync(path.join(maildir, 'new/1.a.b'), original);
	const {owner} = dovecot;
	if (owner)
		for (const each of [
			dovecot.home('robin'),
			maildir,
			...['new', 'cur', 'tmp', 'new/1.a.b'].map(name => path.join(maildir, name)),
		])
			fs.chownSync(each, owner.uid, owner.gid);
	const EDITOR = editor(home, 'echo "Yes, at four." >> "$1"');
	const bonsai = openBonsai({home, env: {BONSAI_TEST_PASSWORD: dovecot.password, EDITOR}});
	t.after(() => bonsai.close());
	await bonsai.standsOn('Café');
	bonsai.press('r');
	await bonsai.sees('Ada at home <ada@home.example>');
	bonsai.press('e');
	await bonsai.sees('Yes, at four.');
	bonsai.press('y');
	await bonsai.sees('It is on its way in 10 s');
	const sent = texts(home, 'outgoing', '.octets');
	assert.match(sent, /^To: Ada at home <ada@home\.example>\r$/m);
	assert.match(sent, /^Subject: =\?UTF-8\?B\?UmU6IENhZsOp\?=\r$/m);
	assert.match(sent, /^In-Reply-To: <2@station\.example>\r$/m);
	assert.match(sent, /^References: <1@station\.example> <2@station\.example>\r$/m);
	assert.match(sent, /\r\nAda Lind wrote on 2026-11-20 12:00:\r\n> One paragraph that flows\.\r\nYes, at four\.\r\n/);
	assert.deepEqual(filesIn(home, 'drafts', '.json'), []);
});
