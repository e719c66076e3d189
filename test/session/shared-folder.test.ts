/** Records shared in a folder: any number of clients agree, whatever becomes of the files on their way. From fixed seeds. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {OwnStates} from '../../source/session/own-states.ts';
import {recordsSuffix, SharedFolder} from '../../source/session/shared-folder.ts';
import {chance} from '../helpers/chance.ts';

const net = {url: 'imap://lists.example.org/r.net', uidValidity: 17};
const elsewhere = {url: 'imap://lists.example.org/other', uidValidity: 3};
const whats = ['\\Seen', '\\Flagged', '\\Hidden', 'todo'];

function folder(context: TestContext): string {
	const made = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-shared-'));
	context.after(() => fs.rmSync(made, {recursive: true, force: true}));
	return made;
}

/** A client that shares one mailbox there. */
function client(context: TestContext, at: string) {
	const own = new OwnStates(undefined);
	context.after(() => own.state.close());
	own.state.shared.share(net.url, at);
	const [place] = own.state.shared.all();
	assert.ok(place);
	let shared = new SharedFolder(place, own);
	return {
		own,
		file: path.join(at, `${own.state.who}${recordsSuffix}`),
		exchange: () => shared.exchange(),
		restart: () => {
			shared = new SharedFolder(place, own);
		},
		decide: (uids: readonly number[], what = '\\Seen', isSet = true) => own.state.decide(net, uids, what, isSet, 0),
		marks: () => own.state.marks(net),
	};
}

test('what is read on one client is read on the other', context => {
	const at = folder(context);
	const [a, b] = [client(context, at), client(context, at)];
	a.decide([1, 2, 3]);
	b.decide([2], '\\Flagged');
	for (const each of [a, b, a]) assert.equal(each.exchange(), undefined);
	assert.deepEqual(a.marks(), b.marks());
	assert.deepEqual(b.own.state.marked(net, '\\Seen'), [1, 2, 3]);
	assert.deepEqual(a.own.state.marked(net, '\\Flagged'), [2]);
});

test('only mailboxes that are shared there go there', context => {
	const at = folder(context);
	const a = client(context, at);
	a.own.state.decide(elsewhere, [1], '\\Seen', true, 0);
	a.decide([1]);
	a.exchange();
	assert.doesNotMatch(fs.readFileSync(a.file, 'utf8'), /other/);
});

test('who has nothing to say makes an empty file, and repeats nothing of the others', context => {
	const at = folder(context);
	const [a, b] = [client(context, at), client(context, at)];
	a.decide([1]);
	for (const each of [a, b, b]) each.exchange();
	assert.equal(fs.readFileSync(b.file, 'utf8'), 'bonsai 1\r\n');
});

test('a file that says the same over and over is written anew, and says it once', context => {
	const at = folder(context);
	const [a, b] = [client(context, at), client(context, at)];
	for (let turn = 0; turn < 200; turn++) {
		a.decide([1], '\\Flagged', turn % 2 === 0);
		a.exchange();
	}
	assert.ok(fs.statSync(a.file).size < 8192, String(fs.statSync(a.file).size));
	b.exchange();
	assert.deepEqual(b.marks(), a.marks());
});

test('a folder that is not there is said once, what is marked stays here, and goes there when it is back', context => {
	const at = folder(context);
	const a = client(context, at);
	fs.rmdirSync(at);
	a.decide([1]);
	assert.match(a.exchange() ?? '', /Not shared: the folder .* is not there; what you mark is kept here/);
	assert.equal(a.exchange(), undefined);
	assert.equal(fs.existsSync(at), false);
	fs.mkdirSync(at);
	a.exchange();
	assert.match(fs.readFileSync(a.file, 'utf8'), /\+\\Seen 1\r\n/);
});

test('what a later Bonsai has written is said, and left alone', context => {
	const at = folder(context);
	const a = client(context, at);
	fs.writeFileSync(path.join(at, `zzzzzz${recordsSuffix}`), 'bonsai 2\nwhatever\n');
	assert.match(a.exchange() ?? '', /a later Bonsai writes .*zzzzzz/);
	assert.equal(fs.readFileSync(path.join(at, `zzzzzz${recordsSuffix}`), 'utf8'), 'bonsai 2\nwhatever\n');
});

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
	test(`clients agree in the end, with files cut, lost, doubled and come late (seed ${seed})`, context => {
		const below = chance(seed);
		// Each has its own copy of the folder, and something carries files about, sooner or later.
		const folders = [folder(context), folder(context), folder(context)];
		const clients = folders.map(at => client(context, at));
		const carry = (from: number, to: number): void => {
			const {file} = clients[from] as (typeof clients)[number];
			if (from !== to && fs.existsSync(file))
				fs.copyFileSync(file, path.join(folders[to] as string, path.basename(file)));
		};
		for (let step = 0; step < 300; step++) {
			const who = below(3);
			const at = clients[who] as (typeof clients)[number];
			switch (below(12)) {
				case 0:
					// Killed while it wrote.
					if (fs.existsSync(at.file)) {
						const {size} = fs.statSync(at.file);
						fs.truncateSync(at.file, Math.max(0, size - below(20)));
					}
					break;
				case 1:
					fs.rmSync(at.file, {force: true});
					break;
				case 2:
					if (fs.existsSync(at.file))
						fs.copyFileSync(at.file, `${at.file.slice(0, -recordsSuffix.length)} (copy)${recordsSuffix}`);
					break;
				case 3:
					at.restart();
					break;
				case 4:
				case 5:
				case 6:
					carry(who, below(3));
					break;
				case 7:
				case 8:
					at.exchange();
					break;
				default:
					at.decide([1 + below(8), 20 + below(3)], whats[below(4)] as string, below(2) === 1);
			}
		}
		for (const each of clients) each.exchange();
		for (const from of [0, 1, 2]) for (const to of [0, 1, 2]) carry(from, to);
		for (const each of clients) each.exchange();
		const [one, ...others] = clients.map(each => each.marks());
		assert.ok(one && one.length > 0);
		for (const other of others) assert.deepEqual(other, one);
	});
}
