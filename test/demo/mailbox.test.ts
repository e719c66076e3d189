/** The demo mailbox: the same at every start, and one of everything. */
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {test} from 'node:test';
import type {Part} from '../../source/demo/mime.ts';
import {demoMailboxes, demoNow, type MailboxState} from '../../source/demo/server.ts';

const uidsOf = (state: MailboxState): number[] => [...state.uids.within(1, state.uidNext)];

const allParts = (part: Part): Part[] => [part, ...part.children.flatMap(allParts)];

const fingerprint = (): string => {
	const hash = createHash('sha256');
	for (const {name, state} of demoMailboxes()) {
		hash.update(`${name} ${state.uidValidity} ${state.uidNext}`);
		for (const uid of uidsOf(state)) {
			const {message, internalDate} = state.letter(uid);
			hash.update(`${uid} ${internalDate} ${[...state.flags(uid)]} ${message.bytes.sizeBytes}`);
			hash.update(message.bytes.read(0, Math.min(message.bytes.sizeBytes, 20_000)));
		}
	}
	return hash.digest('hex');
};

test('every start gives the same two thousand messages', () => {
	assert.equal(fingerprint(), fingerprint());
	const counts = demoMailboxes().map(({state}) => state.uids.count);
	const total = counts.reduce((sum, count) => sum + count, 0);
	assert.equal(counts[0], 1200);
	assert.ok(total > 1900 && total < 2300, String(total));
});

test('building it writes no message, so it is there at once', () => {
	const times = [1, 2, 3].map(() => {
		const started = performance.now();
		assert.equal(demoMailboxes().length, 11);
		return performance.now() - started;
	});
	assert.ok(Math.min(...times) < 150, String(times));
});

test('messages stand in the order they came, the newest at the fixed time', () => {
	for (const {name, state} of demoMailboxes()) {
		const times = uidsOf(state).map(uid => state.letter(uid).internalDate);
		assert.deepEqual(
			times,
			[...times].sort((a, b) => a - b),
			name,
		);
		assert.ok(times.at(-1)! <= demoNow, name);
	}
	const inbox = demoMailboxes()[0]!.state;
	assert.equal(inbox.letter(inbox.uids.last).internalDate, demoNow);
});

test('every kind of message is there', () => {
	const types = new Set<string>();
	const charsets = new Set<string>();
	let deepest = 0;
	const depth = (part: Part): number => Number(part.kind === 'message') + Math.max(0, ...part.children.map(depth));
	for (const {state} of demoMailboxes()) {
		for (const uid of uidsOf(state)) {
			const {root} = state.letter(uid).message;
			deepest = Math.max(deepest, depth(root));
			for (const part of allParts(root)) {
				types.add(`${part.type}/${part.subtype}`);
				for (const [name, value] of part.parameters) {
					if (name === 'charset') charsets.add(value);
					if (name === 'format') types.add(`format=${value}`);
				}
			}
		}
	}
	const expected =
		'multipart/alternative multipart/related multipart/signed multipart/encrypted multipart/digest text/html text/calendar message/rfc822 application/pgp-signature application/pdf image/jpeg application/zip video/mp4 format=flowed';
	for (const type of expected.split(' ')) assert.ok(types.has(type), type);
	for (const charset of ['utf-8', 'iso-2022-jp', 'iso-8859-1', 'windows-1251', 'koi8-r'])
		assert.ok(charsets.has(charset), charset);
	assert.equal(deepest, 3);
});

test('message parts end where the next begins, and boundaries never occur inside', () => {
	for (const {name, state} of demoMailboxes()) {
		for (const uid of uidsOf(state)) {
			const {bytes, root} = state.letter(uid).message;
			assert.equal(root.end, bytes.sizeBytes);
			for (const part of allParts(root)) {
				assert.ok(part.headerStart <= part.bodyStart && part.bodyStart <= part.end, `${name} ${uid}`);
				let from = part.bodyStart;
				for (const child of part.children) {
					assert.ok(child.headerStart >= from && child.end <= part.end, `${name} ${uid}`);
					from = child.end;
				}
			}
		}
	}
});

test('answers refer to messages that are there', () => {
	const ids = new Set<string>();
	const references: string[] = [];
	for (const {name, state} of demoMailboxes()) {
		if (name !== 'INBOX' && name !== 'Sent') continue;
		for (const uid of uidsOf(state)) {
			for (const field of state.letter(uid).message.root.fields) {
				if (field.name === 'Message-ID') ids.add(field.value);
				if (field.name === 'In-Reply-To') references.push(field.value);
			}
		}
	}
	assert.ok(references.length > 300);
	const known = references.filter(id => ids.has(id)).length;
	assert.ok(known / references.length > 0.97, `${known} of ${references.length}`);
});
