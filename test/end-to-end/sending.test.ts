/** Sending, in the real program: it leaves by itself, can be taken back until then, and who quits has sent it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {startDemoServer} from '../../source/demo/server.ts';
import type {Account} from '../../source/model/account.ts';
import {inboxOf, keepAccount, letter} from '../helpers/bonsai-on.ts';
import {runBonsai} from '../helpers/run-bonsai.ts';
import {sendingTo} from '../helpers/run-send.ts';
import {eventually, openBonsai, ownHome} from '../helpers/screen.ts';
import {smtpServer} from '../helpers/smtp-server.ts';

const env = {BONSAI_TEST_PASSWORD: 'demo'};

async function sending(t: TestContext, undoSendSeconds: number, account: Partial<Account> = {}) {
	const [inbox] = inboxOf(letter({subject: 'Soup', from: 'Bo Lind <bo@station.example>'}))();
	const sent = {name: 'Sent', state: inboxOf()()[0]!.state, specialUse: '\\Sent'};
	const imap = await startDemoServer({mailboxes: () => [inbox!, sent]});
	t.after(() => imap.close());
	const smtp = await smtpServer(t);
	const home = ownHome();
	t.after(() => home.remove());
	keepAccount(home, {port: imap.port, user: 'demo', sending: sendingTo(smtp.port), ...account}, {undoSendSeconds});
	const open = () => {
		const bonsai = openBonsai({home, env});
		t.after(() => bonsai.close());
		return bonsai;
	};
	return {
		smtp,
		home,
		open,
		copies: () => sent.state.uids.last,
		isAnswered: () => [...inbox!.state.flags(1)].includes('\\Answered'),
		letters: (): {readonly state: string; readonly sequelState: string}[] => {
			const folder = path.join(home.environment.BONSAI_HOME ?? '', 'accounts/work/outgoing');
			const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter(name => name.endsWith('.json')) : [];
			return names.map(name => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')));
		},
		drafts: () => {
			const folder = path.join(home.environment.BONSAI_HOME ?? '', 'accounts/work/drafts');
			return fs.existsSync(folder) ? fs.readdirSync(folder).filter(name => name.endsWith('.json')).length : 0;
		},
	};
}

describe('a reply', () => {
	test('leaves by itself; its copy is filed and the question is marked, and the outbox says so', async t => {
		const {smtp, open, copies, isAnswered} = await sending(t, 0);
		const bonsai = open();
		await bonsai.standsOn('Soup');
		bonsai.press('r');
		await bonsai.sees('write: Re: Soup');
		bonsai.press('y');
		await bonsai.sees(/Sent: “Re: Soup”/);
		await eventually(() => copies() === 1 && isAnswered(), 'the copy and the mark');
		assert.equal(smtp.taken.length, 1);
		bonsai.press('X');
		await bonsai.sees(/sent .*Mail to bo@station\.example: Re: Soup/);
		await bonsai.sees(/done .*File a copy of what you sent/);
	});

	test('is a draft again when it is taken back in time, and nothing was sent', async t => {
		const {smtp, open, drafts} = await sending(t, 600);
		const bonsai = open();
		await bonsai.standsOn('Soup');
		bonsai.press('r');
		await bonsai.sees('write: Re: Soup');
		bonsai.press('y');
		await bonsai.standsOn('Soup');
		await eventually(() => drafts() === 0, 'no draft');
		bonsai.press('u');
		await bonsai.sees('Taken back, and a draft again: Re: Soup');
		assert.deepEqual([drafts(), smtp.heard], [1, []]);
		bonsai.press('Q');
		assert.equal(await bonsai.exited, 0);
		assert.equal(smtp.heard.length, 0);
	});

	test('that could be taken back still leaves when one quits', async t => {
		const {smtp, open, drafts, home} = await sending(t, 600);
		const bonsai = open();
		await bonsai.standsOn('Soup');
		bonsai.press('r');
		await bonsai.sees('write: Re: Soup');
		bonsai.press('y');
		await bonsai.standsOn('Soup');
		await eventually(() => drafts() === 0, 'no draft');
		bonsai.press('Q');
		assert.equal(await bonsai.exited, 0);
		assert.equal(smtp.taken.length, 1);
		const {stdout} = await runBonsai(['outbox', '--json'], {home, env});
		assert.deepEqual(JSON.parse(stdout).letters, []);
	});

	test('in the disconnected model waits for bonsai sync, or is taken back, held and let go in the shell', async t => {
		const {smtp, open, drafts, home, copies} = await sending(t, 0, {model: 'disconnected'});
		const run = (...words: string[]) => runBonsai(words, {home, env});
		await run('sync');
		const bonsai = open();
		await bonsai.standsOn('Soup');
		bonsai.press('r');
		await bonsai.sees('write: Re: Soup');
		bonsai.press('y');
		await bonsai.sees('↑1');
		bonsai.press('Q');
		await bonsai.exited;
		const letters = async () => JSON.parse((await run('outbox', '--json')).stdout).letters;
		const [{id, isHeld}] = await letters();
		assert.equal(isHeld, false);
		assert.equal((await run('outbox', '--hold', id)).code, 0);
		assert.equal((await run('sync')).code, 0);
		assert.deepEqual([smtp.heard.length, (await letters())[0].isHeld], [0, true]);
		assert.match((await run('outbox', '--arrived', id)).stderr, /it is not unknown/);
		assert.equal((await run('outbox', '--release', id)).code, 0);
		assert.match((await run('sync', '--dry-run')).stdout, /^Send mail to bo@station\.example: Re: Soup \(\d+\)/m);
		const {code, stderr} = await run('sync');
		assert.deepEqual([code, smtp.taken.length, copies()], [0, 1, 1], stderr);
		assert.match(stderr, /work: sent 1 message/);
		assert.equal((await run('outbox', '--undo', id)).code, 1, 'it was sent');
		assert.equal(drafts(), 0);
	});
});

/** What the server is asked when the program dies; and so many ms after it has the message. */
const moments = ['EHLO', 'MAIL', 'DATA', 'message', 0, 4, 8, 16, 30];

test('killed at any moment while it is sent, it is sent once with one copy, or said not to be known', async t => {
	const ends: string[] = [];
	for (const moment of moments) {
		const {smtp, open, copies, isAnswered, letters} = await sending(t, 0);
		const bonsai = open();
		await bonsai.standsOn('Soup');
		bonsai.press('r');
		await bonsai.sees('write: Re: Soup');
		smtp.script = {
			answers(step) {
				if (step === moment) bonsai.kill();
				else if (step === 'message' && typeof moment === 'number') setTimeout(() => bonsai.kill(), moment);
				return undefined;
			},
		};
		bonsai.press('y');
		await bonsai.exited;
		smtp.script = {};
		const again = open();
		await again.standsOn('Soup');
		// What is on its way comes to its end by itself.
		await eventually(() => letters().every(each => each.state === 'unknown' || each.sequelState === 'over'), 'its end');
		const [letter] = letters();
		const end = letter?.state ?? 'lost';
		ends.push(end);
		const told = `killed at ${moment}: ${end}`;
		if (end === 'sent') {
			await eventually(isAnswered, 'the mark');
			assert.deepEqual([smtp.taken.length, copies()], [1, 1], told);
		} else assert.ok(smtp.taken.length <= 1 && copies() === 0 && !isAnswered(), told);
		await again.close();
	}
	assert.ok(!ends.includes('lost') && ends.includes('unknown') && ends.includes('sent'), ends.join(' '));
});
