/**
 * The real program drains a real Dovecot onto a real disk that is full before all has come, and larger at each call: every
 * message is there or here each time, and at the end here, once and octet for octet. Throws what is not so.
 */
import assert from 'node:assert/strict';
import {mkdirSync, symlinkSync} from 'node:fs';
import path from 'node:path';
import {keepAccount, letter} from './bonsai-on.ts';
import {startDovecot} from './dovecot.ts';
import {keptIn, subjectIn} from './draining.ts';
import {subjectsOn} from './kill-in-drain.ts';
import {otherClient} from './other-client.ts';
import {runBonsai} from './run-bonsai.ts';
import {ownHome} from './screen.ts';
import {growDisk, smallDisk} from './small-disk.ts';

const user = 'small-disk';
const [firstKilobytes, moreKilobytes] = [200, 200];
const mostCalls = 40;

/** How many calls ended because the disk was full. */
export async function drainOntoSmallDisk(count: number): Promise<{readonly full: number}> {
	const atEnd: (() => void)[] = [];
	const dovecot = await startDovecot();
	const home = ownHome();
	const other = await otherClient(dovecot.port, user, dovecot.password);
	try {
		const at = home.environment.BONSAI_HOME ?? '';
		const disk = smallDisk({after: over => void atEnd.push(over)}, firstKilobytes);
		mkdirSync(path.join(disk, 'mail'));
		symlinkSync(path.join(disk, 'mail'), path.join(at, 'Mail'));
		keepAccount(home, {port: dovecot.port, user, model: 'disconnected', mailboxModels: {INBOX: 'offline'}});
		const sent = new Map<string, string>();
		for (let index = 0; index < count; index++) {
			const subject = `m${index}`;
			const message = letter({subject, text: 'and so on. '.repeat((index % 9) * 150)}).replaceAll(/\r?\n/g, '\r\n');
			await other.append('INBOX', message);
			sent.set(subject, message);
		}
		let full = 0;
		for (let calls = 1; ; calls++) {
			assert.ok(calls <= mostCalls, `${calls} calls`);
			const {code, stderr} = await runBonsai(['sync'], {home, env: {BONSAI_TEST_PASSWORD: dovecot.password}});
			const here = keptIn(at, 'work/INBOX', 'Mail');
			const there = await subjectsOn(other);
			const either = new Set([...here.map(({text}) => subjectIn(text)), ...there]);
			for (const name of sent.keys()) assert.ok(either.has(name), `${name} is lost`);
			if (code === 0 && there.length === 0) {
				assert.equal(here.length, count, 'not each once');
				for (const {text} of here) assert.equal(text, sent.get(subjectIn(text)));
				return {full};
			}
			assert.match(stderr, /disk is full/);
			full += 1;
			growDisk(disk, firstKilobytes + calls * moreKilobytes);
		}
	} finally {
		other.close();
		await dovecot.stop();
		home.remove();
		for (const over of atEnd) over();
	}
}
