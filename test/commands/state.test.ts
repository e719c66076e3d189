/** `bonsai state` and the files it writes and reads. */
import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import {state} from '../../source/commands/state.ts';
import {startDemoServer} from '../../source/demo/server.ts';
import {inbox} from '../../source/model/ids.ts';
import {inboxOf, letter} from '../helpers/bonsai-on.ts';
import {printedOn} from '../helpers/command.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {openSession} from '../helpers/session.ts';

test('a newsrc that is not there, or is a folder, is said in words, and show claims no change', async t => {
	const folder = ownFolder(t);
	const server = await startDemoServer({mailboxes: inboxOf(letter({}))});
	t.after(() => server.close());
	const {session} = await openSession(t, {port: server.port, folder, waitsForNews: false});
	const saidOf = async (file: string): Promise<string | undefined> =>
		(await printedOn(session, around => state(around, {mailbox: inbox, wanted: {verb: 'import', file}}))).undone;
	const nowhere = path.join(folder, 'nowhere');
	assert.equal(await saidOf(nowhere), `${nowhere} cannot be read: there is no such file or folder`);
	assert.equal(await saidOf(folder), `${folder} cannot be read: it is a folder`);
	const shown = await printedOn(session, around => state(around, {mailbox: inbox, wanted: {verb: 'show'}}));
	assert.equal(shown.stdout, "INBOX: marks are the server's flags\n");
});
