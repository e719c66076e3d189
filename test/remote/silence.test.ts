/** A line that has gone silent is left, but not one on which something is on its way up. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {startDemoServer} from '../../source/demo/server.ts';
import type {Failure} from '../../source/model/failure.ts';
import {inbox} from '../../source/model/ids.ts';
import {dialTest} from '../helpers/dialling.ts';

test('an upload gets the time a slow line needs; a question that is not answered ends the line', async context => {
	const server = await startDemoServer();
	context.after(() => server.close());
	const {remote} = await dialTest(context, {port: server.port, patienceMs: 500});
	server.faults.add({kind: 'delay', command: /^APPEND/, ms: 1300, times: 1}, {kind: 'silence', command: /^NOOP/});
	const octets = Buffer.from(`Subject: long\r\n\r\n${'Ice. '.repeat(20_000)}\r\n`);
	assert.ok((await remote.append(inbox, octets, {flags: [], date: 0}))?.uid);
	const other = await dialTest(context, {port: server.port, patienceMs: 500});
	await assert.rejects(other.remote.look(), ({kind, message}: Failure) => kind === 'offline' && /silent/.test(message));
});
