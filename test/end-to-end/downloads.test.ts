/** Downloads in the real program: put off, gone on with, killed and started again, on our server and on Dovecot. */
import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, test} from 'node:test';
import {startBadLink} from '../../source/demo/link.ts';
import {bonsaiDemo, bonsaiOn, inboxOf, keepAccount, letter, mimeWithFiles} from '../helpers/bonsai-on.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {otherClient} from '../helpers/other-client.ts';
import {openBonsai, ownHome} from '../helpers/screen.ts';
import {noise} from '../helpers/with-files.ts';

const chart = noise(400_000);
const withChart = letter({subject: 'A chart', mime: mimeWithFiles('Text above.', [['chart.bin', chart]])});

describe('downloads', {concurrency: 2}, () => {
	test('one is put off, gone on with, and given up after a question', async t => {
		const bonsai = bonsaiDemo(t, {args: ['--link', '128kbps,40ms']});
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('1192', 'Enter');
		await bonsai.standsOn('plate photographs');
		bonsai.press('v');
		await bonsai.sees('plate-31a.jpg');
		bonsai.press('Down', 'Space', 'Space', 's');
		await bonsai.sees(/Save 2 parts \(.*\) into the folder: \.\//);
		bonsai.press('Enter', 'D');
		await bonsai.sees('demo  downloads');
		await bonsai.sees(/coming +plate-31a\.jpg +[1-9]\d*% of 1\.9M/);
		await bonsai.sees(/coming +plate-31b-control\.jpg +[1-9]\d*% of 2\.1M/);
		bonsai.press('Space');
		await bonsai.sees(/paused +plate-31a\.jpg/);
		bonsai.press('Space');
		await bonsai.sees(/(waiting|coming) +plate-31a\.jpg/);
		bonsai.press('d');
		await bonsai.sees(/Throw away the .*B that came of plate-31a\.jpg\?/);
		bonsai.press('y');
		await bonsai.seesNoMore('plate-31a.jpg');
		assert.deepEqual(
			readdirSync(bonsai.home.path).filter(name => name.startsWith('plate')),
			['plate-31b-control.jpg.part', 'plate-31b-control.jpg.part.json'],
		);
	});

	test('killed in the middle, it is listed again at the next start and ends with the whole file', async t => {
		const {bonsai, server, home} = await bonsaiOn(t, {mailboxes: inboxOf(withChart)});
		const line = await startBadLink({targetPort: server.port, bitsPerSecond: 800_000, roundTripMs: 10});
		t.after(() => line.close());
		bonsai.kill();
		await bonsai.exited;
		keepAccount(home, {port: line.port, user: 'demo'});
		const start = () => {
			const started = openBonsai({home, env: {BONSAI_TEST_PASSWORD: 'demo'}});
			t.after(() => started.kill());
			return started;
		};
		const first = start();
		await first.standsOn('A chart');
		first.press('v');
		await first.sees('chart.bin');
		first.press('Down', 's', 'Enter', 'D');
		await first.sees(/coming +chart\.bin +[6-9]\d% of/);
		first.kill();
		await first.exited;
		assert.equal(existsSync(join(home.path, 'chart.bin')), false);
		const before = line.bytesDown;
		const second = start();
		await second.standsOn('A chart');
		second.press(':downloads', 'Enter');
		await second.sees(/saved +chart\.bin +100% of/);
		assert.deepEqual(readFileSync(join(home.path, 'chart.bin')), chart);
		assert.ok(line.bytesDown - before < 370_000, 'it went on in the middle');
		assert.deepEqual(
			readdirSync(home.path).filter(name => name.startsWith('chart')),
			['chart.bin'],
		);
	});

	test('on Dovecot too', {skip: withoutDovecot}, async t => {
		const dovecot = await startDovecot();
		t.after(() => dovecot.stop());
		const other = await otherClient(dovecot.port, 'reader', dovecot.password);
		await other.append('INBOX', withChart.replaceAll('\r\n', '\n'));
		other.close();
		const line = await startBadLink({targetPort: dovecot.port, bitsPerSecond: 800_000, roundTripMs: 10});
		t.after(() => line.close());
		const home = ownHome();
		t.after(() => home.remove());
		keepAccount(home, {port: line.port, user: 'reader'});
		const start = () => {
			const started = openBonsai({home, env: {BONSAI_TEST_PASSWORD: dovecot.password}});
			t.after(() => started.kill());
			return started;
		};
		const first = start();
		await first.standsOn('A chart');
		first.press('v');
		await first.sees('chart.bin');
		first.press('Down', 's', 'Enter', 'D');
		await first.sees(/coming +chart\.bin +[6-9]\d% of/);
		first.kill();
		await first.exited;
		const second = start();
		await second.standsOn('A chart');
		second.press(':downloads', 'Enter');
		await second.sees(/saved +chart\.bin +100% of/);
		assert.deepEqual(readFileSync(join(home.path, 'chart.bin')), chart);
		// Once over, two logins and screens, framing, and what was in flight at the kill; begun anew it would be 640,000.
		assert.ok(line.bytesDown < 600_000, `${line.bytesDown} bytes`);
	});
});
