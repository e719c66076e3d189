/**
 * Parts that are saved: whole or not at all, in the form that costs least, in turns, and said plainly when they cannot be.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {partNumber} from '../../source/model/ids.ts';
import {until} from '../helpers/waiting.ts';
import {asBase64, ended, noise, saved, withFiles} from '../helpers/with-files.ts';

/** A server of 1996: no BINARY, no COMPRESS. */
const plain = ['IMAP4rev1', 'AUTH=PLAIN'];
const second = partNumber('2');
const third = partNumber('3');

test('a part in base64 travels decoded where the server has BINARY, in as few octets as it has', async context => {
	const octets = noise(200_000);
	const {session, message, folder, spent, said} = await withFiles(context, [octets]);
	await session.settled();
	spent();
	const file = path.join(folder, 'a.bin');
	const {state} = await saved(session, message, second, file);
	await session.settled();
	assert.equal(state, 'done');
	assert.deepEqual(fs.readFileSync(file), octets);
	const {total} = spent();
	assert.ok(total < 200_000 * 1.05, `${total} bytes`);
	assert.ok(said().some(line => line.includes('BINARY.PEEK[2]')));
	assert.deepEqual(fs.readdirSync(folder), ['a.bin']);
});

test('lines of any length end where they end: no octet too few, no question too many', async context => {
	for (const column of [4, 57, 60, 64, 72, 76, 76_000]) {
		for (const length of [0, 1, 2, 3, 56, 57, 58, 4096, 20_000]) {
			const octets = noise(length, column);
			const body = asBase64(octets, column);
			const {session, message, folder, said} = await withFiles(context, [{encoding: 'base64', body}]);
			const file = path.join(folder, 'a.bin');
			const {state, because} = await saved(session, message, second, file);
			assert.equal(state, 'done', `${length} in lines of ${column}: ${because}`);
			assert.deepEqual(fs.readFileSync(file), octets, `${length} in lines of ${column}`);
			const asked = said().filter(line => line.includes('PEEK[2]')).length;
			if (column >= 60) assert.ok(asked <= 6 + length / 4096, `${asked} questions for ${length} in lines of ${column}`);
			await session.close();
		}
	}
});

test('a server that cannot decode a part is asked for it as it was sent, and nobody hears of it', async context => {
	const octets = noise(50_000);
	const answers = [
		{answer: 'NO', text: '[UNKNOWN-CTE] Cannot decode that'},
		{answer: 'BAD', text: 'What is BINARY?'},
	] as const;
	for (const answer of answers) {
		for (const times of [1, 1000]) {
			const {session, server, message, folder} = await withFiles(context, [octets]);
			server.faults.add({kind: 'refuse', command: /^UID FETCH \d+ \(?BINARY/, ...answer, times});
			const file = path.join(folder, 'a.bin');
			assert.equal((await saved(session, message, second, file)).state, 'done');
			assert.deepEqual(fs.readFileSync(file), octets);
			assert.match(session.notice.get()?.text ?? '', /^Saved 50000 bytes/);
			await session.close();
		}
	}
});

test('a server that hangs up over what it cannot decode is asked for it as it was sent', async context => {
	const octets = noise(50_000);
	const {session, server, message, folder} = await withFiles(context, [octets]);
	server.faults.add({kind: 'bye', command: /^UID FETCH \d+ \(?BINARY/, text: 'Internal error occurred'});
	const file = path.join(folder, 'a.bin');
	assert.equal((await saved(session, message, second, file)).state, 'done');
	assert.deepEqual(fs.readFileSync(file), octets);
});

test('a part whose base64 is broken is decoded here, not by a server that reads it otherwise', async context => {
	const body = `${asBase64(noise(3000))}\r\n\r\n-- \r\n${'A list adds a footer like this one! '.repeat(20)}`;
	const {session, message, folder} = await withFiles(context, [{encoding: 'base64', body}]);
	const file = path.join(folder, 'a.bin');
	assert.equal((await saved(session, message, second, file)).state, 'done');
	assert.deepEqual(fs.readFileSync(file).subarray(0, 3000), noise(3000));
});

test('what was looked at before is not paid for again when it is saved, in whichever form it came', async context => {
	for (const capabilities of [undefined, plain]) {
		const octets = noise(30_000);
		const options = capabilities ? {capabilities} : {};
		const {session, message, folder, spent} = await withFiles(context, [octets], options);
		message.choose([second]);
		await session.settled();
		assert.ok(message.isWhole(second));
		assert.equal(message.price([second]).bytes, 0);
		spent();
		const file = path.join(folder, 'a.bin');
		assert.equal((await saved(session, message, second, file)).state, 'done');
		await session.settled();
		assert.equal(spent().total, 0);
		assert.deepEqual(fs.readFileSync(file), octets);
	}
});

test('several parts are saved at once into a folder, each under a name of its own', async context => {
	const {session, message, folder} = await withFiles(context, [noise(9000, 1), noise(9000, 2), noise(9000, 3)]);
	fs.writeFileSync(path.join(folder, 'file-1.bin'), 'mine');
	message.saveAll([second, third], folder);
	message.saveAll([third], folder);
	await session.settled();
	assert.deepEqual(fs.readdirSync(folder).sort(), ['file-1-2.bin', 'file-1.bin', 'file-2-2.bin', 'file-2.bin']);
	assert.equal(fs.readFileSync(path.join(folder, 'file-1.bin'), 'utf8'), 'mine');
	assert.deepEqual(fs.readFileSync(path.join(folder, 'file-2-2.bin')), noise(9000, 2));
});

test('a part that is fetched to be looked at and saved meanwhile is whole in both places', async context => {
	const octets = noise(300_000);
	const {session, message, folder} = await withFiles(context, [octets]);
	message.choose([second]);
	message.save(second, path.join(folder, 'a.bin'));
	message.save(second, path.join(folder, 'b.bin'));
	await session.settled();
	assert.deepEqual(
		session.transfers.get().map(each => each.state),
		['done', 'done', 'done'],
	);
	assert.deepEqual(fs.readFileSync(path.join(folder, 'a.bin')), octets);
	assert.deepEqual(fs.readFileSync(path.join(folder, 'b.bin')), octets);
	message.pipe(second, 'wc -c');
	const {output = ''} = (await until(message.pipeOutput, each => each?.state === 'done')) ?? {};
	assert.match(output, /^ *300000\n$/);
});

test('several downloads share the line: none waits for another to end', async context => {
	const {session, message, folder, said} = await withFiles(context, [noise(300_000, 1), noise(300_000, 2)]);
	message.saveAll([second, third], folder);
	await session.settled();
	const order = said().flatMap(line => /PEEK\[([23])\]/.exec(line)?.[1] ?? []);
	const half = order.slice(0, Math.floor(order.length / 2));
	const [twos, threes] = [half.filter(each => each === '2').length, half.filter(each => each === '3').length];
	assert.ok(Math.abs(twos - threes) <= 2, `${twos} and ${threes} of the first ${half.length} chunks`);
});

test('what is paused asks for nothing, keeps what came, and goes on where it stopped', async context => {
	const octets = noise(400_000);
	const {session, message, folder, said, spent, server} = await withFiles(context, [octets]);
	server.faults.add({kind: 'delay', command: /PEEK\[2\]/, ms: 5});
	spent();
	const file = path.join(folder, 'a.bin');
	const id = message.save(second, file) ?? 0;
	await until(session.transfers, ([first]) => (first?.heldBytes ?? 0) > 0);
	session.pause(id);
	await session.settled();
	const [paused] = session.transfers.get();
	assert.equal(paused?.state, 'paused');
	const asked = said().length;
	session.resume(id);
	assert.equal((await ended(session, id)).state, 'done');
	await session.settled();
	assert.ok(said().length > asked);
	assert.deepEqual(fs.readFileSync(file), octets);
	assert.ok(spent().total < 400_000 * 1.06);
});

test('what is cancelled leaves nothing behind', async context => {
	const {session, message, folder, server} = await withFiles(context, [noise(400_000)]);
	server.faults.add({kind: 'delay', command: /PEEK\[2\]/, ms: 5});
	const id = message.save(second, path.join(folder, 'a.bin')) ?? 0;
	await until(session.transfers, ([first]) => (first?.heldBytes ?? 0) > 0);
	session.cancel(id);
	await session.settled();
	assert.deepEqual(session.transfers.get(), []);
	assert.deepEqual(fs.readdirSync(folder), []);
});

test('a cut line costs what was in flight: nothing that came is asked for again', async context => {
	const octets = noise(300_000);
	const fault = {kind: 'cut', afterBytes: 150_000, times: 1} as const;
	const {session, message, folder, said, line} = await withFiles(context, [octets], {fault});
	const id = message.save(second, path.join(folder, 'a.bin')) ?? 0;
	assert.equal((await ended(session, id)).state, 'done');
	assert.equal(said().filter(each => each.includes('AUTHENTICATE')).length, 2);
	assert.deepEqual(fs.readFileSync(path.join(folder, 'a.bin')), octets);
	const offsets = said()
		.flatMap(each => /PEEK\[2\]<(\d+)\./.exec(each)?.[1] ?? [])
		.map(Number);
	const again = offsets.find((offset, index) => index > 0 && offset <= (offsets[index - 1] ?? 0));
	assert.ok(again !== undefined && again > 0, `it went on from the middle: ${offsets}`);
	assert.ok(line.bytesDown < 300_000 * 1.05 + 2 * 64 * 1024 + 3000);
});

test('a server that answers a range with less is asked for the rest', async context => {
	const octets = noise(60_000);
	for (const capabilities of [undefined, plain]) {
		const {session, message, folder, server} = await withFiles(context, [octets], capabilities ? {capabilities} : {});
		server.faults.add({kind: 'short-section', mostBytes: 3000});
		const file = path.join(folder, 'a.bin');
		assert.equal((await saved(session, message, second, file)).state, 'done');
		assert.deepEqual(fs.readFileSync(file), octets);
	}
});

test('a server that answers a range with nothing makes no short file, and is asked again when the user says so', async context => {
	const octets = noise(60_000);
	const {session, message, folder, server} = await withFiles(context, [octets], {capabilities: plain});
	server.faults.add({kind: 'short-section', mostBytes: 0});
	const file = path.join(folder, 'a.bin');
	const failed = await saved(session, message, second, file);
	assert.equal(failed.state, 'failed');
	assert.match(failed.because, /announced \d+ octets and has only 0.*What came is in .*a\.bin\.part/);
	assert.equal(fs.existsSync(file), false);
	server.faults.clear();
	session.resume(failed.id);
	assert.equal((await ended(session, failed.id)).state, 'done');
	assert.deepEqual(fs.readFileSync(file), octets);
});

test('a server that answers a range with the whole part fails that part, plainly, and no other', async context => {
	const {session, message, folder, server} = await withFiles(context, [noise(300_000), noise(3000)]);
	server.faults.add({kind: 'whole-section', uid: 1, times: 40});
	const failed = await saved(session, message, second, path.join(folder, 'a.bin'));
	assert.equal(failed.state, 'failed');
	assert.match(failed.because, /octets where .*asked for.*What came is in .*a\.bin\.part/);
	assert.equal(fs.existsSync(path.join(folder, 'a.bin')), false);
	server.faults.clear();
	assert.equal((await saved(session, message, third, path.join(folder, 'b.bin'))).state, 'done');
});

test('a size that is too small is said, and all there is is saved; one that is too large makes no file', async context => {
	const octets = noise(20_000);
	for (const addBytes of [-5000, -1, 1, 5000]) {
		const {session, message, folder} = await withFiles(context, [octets], {
			capabilities: plain,
			fault: {kind: 'false-size', addBytes},
		});
		const file = path.join(folder, 'a.bin');
		const {state, because} = await saved(session, message, second, file);
		const {text = ''} = session.notice.get() ?? {};
		if (addBytes < 0) {
			assert.equal(state, 'done');
			assert.match(text, /Saved 20000 bytes .* announced \d+ octets and had \d+; all of them are in it/);
			assert.deepEqual(fs.readFileSync(file), octets);
		} else {
			assert.equal(state, 'failed');
			assert.match(because, /announced \d+ octets and has only \d+, so this may not be all/);
			await session.settled();
			assert.deepEqual(fs.readdirSync(folder).sort(), ['a.bin.part', 'a.bin.part.json']);
			assert.deepEqual(fs.readFileSync(`${file}.part`).subarray(0, 20_000), octets);
		}
	}
});

test('a message that is removed while its part comes ends that download, and what came is kept', async context => {
	const {session, message, folder, server} = await withFiles(context, [noise(400_000)]);
	server.faults.add({kind: 'delay', command: /PEEK\[2\]/, ms: 5});
	const file = path.join(folder, 'a.bin');
	const id = message.save(second, file) ?? 0;
	await until(session.transfers, ([first]) => (first?.heldBytes ?? 0) > 0);
	server.expunge('INBOX', 1);
	const {state, because} = await ended(session, id);
	assert.equal(state, 'failed');
	assert.match(because, /not on the server any more.*What came is in .*a\.bin\.part|refuses.*What came is in/);
	await session.settled();
	assert.ok(fs.statSync(`${file}.part`).size > 0);
	assert.equal(fs.existsSync(file), false);
});

test('a file that is there is not replaced unasked, nor is one that appears meanwhile', async context => {
	const {session, message, folder, server} = await withFiles(context, [noise(100_000)]);
	const file = path.join(folder, 'a.bin');
	fs.writeFileSync(file, 'mine');
	assert.equal(message.save(second, file), undefined);
	assert.match(session.notice.get()?.text ?? '', /is there already, and was left alone/);
	const other = path.join(folder, 'b.bin');
	server.faults.add({kind: 'delay', command: /PEEK\[2\]/, ms: 5, times: 3});
	const id = message.save(second, other) ?? 0;
	fs.writeFileSync(other, 'mine too');
	const {state, because} = await ended(session, id);
	assert.equal(state, 'failed');
	assert.match(because, /a file of that name is there already.*b\.bin\.part/);
	assert.equal(fs.readFileSync(other, 'utf8'), 'mine too');
	await session.settled();
	assert.deepEqual(fs.readFileSync(`${other}.part`), noise(100_000));
	fs.rmSync(other);
	session.resume(id);
	assert.equal((await ended(session, id)).state, 'done');
	assert.deepEqual(fs.readFileSync(other), noise(100_000));
});
