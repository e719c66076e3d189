/** Writing and sending in the demo: all of it works, and none of it leaves this machine. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {test} from 'node:test';
import {bonsaiDemo, keepAccounts} from '../helpers/bonsai-on.ts';
import {openBonsai, ownHome} from '../helpers/screen.ts';

const me = 'robin.aske@aurelia.example';

test('what one writes oneself in the demo arrives, a copy of it is in Sent, and nothing of it stays on the disk', async t => {
	const home = ownHome();
	t.after(() => home.remove());
	keepAccounts(home, {}, {undoSendSeconds: 0});
	const bonsai = openBonsai({home, args: ['demo']});
	t.after(() => bonsai.close());
	await bonsai.sees('1200 of 1200');
	bonsai.press('m', ...me, 'Enter', ...'Dear diary', 'Enter', 'Enter', ...'All is well.', 'Escape');
	await bonsai.standsOn('Text      1 line');
	bonsai.press('y');
	await bonsai.sees(/1201 .*Robin Aske .*Dear diary/);
	bonsai.press('X');
	await bonsai.sees(/sent .*Mail to robin\.aske@aurelia\.example: Dear diary/);
	await bonsai.sees(/done .*File a copy of what you sent/);
	bonsai.press('q');
	await bonsai.sees(/1201 .*Dear diary/);
	bonsai.press('End', 'Enter');
	await bonsai.sees('All is well.');
	bonsai.press('q', 'c', ...'Sent', 'Enter');
	await bonsai.standsOn('Dear diary');
	bonsai.press('Q');
	assert.equal(await bonsai.exited, 0);
	assert.deepEqual(fs.readdirSync(home.environment.TMPDIR ?? ''), []);
});

test('of what one sends in the demo it is said that it does not leave this machine', async t => {
	const bonsai = bonsaiDemo(t);
	await bonsai.standsOn('Line up until 19:00');
	bonsai.press('r');
	await bonsai.sees('write: Re: Line up until 19:00');
	bonsai.press('y');
	await bonsai.sees('It is on its way in 10 s, not beyond this machine; u takes it back');
});

test('a message with attachments is sent on in the demo, and none of their octets comes or goes', async t => {
	const home = ownHome();
	t.after(() => home.remove());
	keepAccounts(home, {}, {undoSendSeconds: 0});
	const bonsai = openBonsai({home, args: ['demo']});
	t.after(() => bonsai.close());
	await bonsai.sees('1200 of 1200');
	bonsai.press(...'1192', 'Enter');
	await bonsai.standsOn('Incubation 31');
	bonsai.press('f');
	await bonsai.sees('its 3 other parts stay on the server: nothing to send');
	bonsai.press(...me, 'Enter');
	await bonsai.standsOn('Text      15 lines');
	bonsai.press('y');
	await bonsai.sees(/1201 .* 7\.7M Fwd: Incubation 31/);
	bonsai.press('End', 'v');
	for (const name of ['31a', '31b-control', '31c']) await bonsai.sees(new RegExp(`plate-${name}\\.jpg`));
	bonsai.press('q', 'I');
	// The attachments are 7.7 MB.
	await bonsai.sees(/^ {2}all +\d{1,2}(\.\d)?k /m);
});
