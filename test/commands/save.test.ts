/** What a save says on its way. */
import assert from 'node:assert/strict';
import {join} from 'node:path';
import {test} from 'node:test';
import {save} from '../../source/commands/save.ts';
import {startDemoServer} from '../../source/demo/server.ts';
import {inbox, partNumber} from '../../source/model/ids.ts';
import {inboxOf, letter, mimeWithFiles} from '../helpers/bonsai-on.ts';
import {type PrintOptions, printed} from '../helpers/command.ts';
import {ownFolder} from '../helpers/own-folder.ts';

const mailboxes = inboxOf(
	letter({mime: mimeWithFiles('See below.', [['large.bin', Buffer.alloc(300_000, 'Bonsai')]])}),
);

test('who watches is told each tenth at most once, in lines; a pipe is told nothing', async t => {
	const folder = ownFolder(t);
	const server = await startDemoServer({mailboxes});
	t.after(() => server.close());
	const saved = (name: string, options: PrintOptions) => {
		const wanted = {mailbox: inbox, uid: 1, uidValidity: undefined, part: partNumber('2'), mayReplace: false};
		return printed(t, {port: server.port}, around => save(around, {...wanted, file: join(folder, name)}), options);
	};
	const watched = await saved('a', {isWatched: true});
	assert.equal(watched.undone, undefined);
	const lines = watched.stderr.split('\n').slice(0, -1);
	assert.ok(lines.length >= 1 && lines.length <= 9, watched.stderr);
	for (const line of lines) assert.match(line, /^bonsai: \d+ kB of \d+ kB(, \S+ \S+ to go)?$/);
	assert.equal((await saved('b', {isWatched: false})).stderr, '');
});
