/**
 * Who may import whom, as a table (docs/architecture.md). A room that needs more has to say so here.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

type Rule = {readonly rooms: readonly string[]; readonly packages: readonly string[]};

/** What a room may import besides itself: other rooms (or single files), and packages. Node's own modules but the guarded ones are free. */
const rules: Readonly<Record<string, Rule>> = {
	'source/model': {rooms: [], packages: []},
	'source/store': {rooms: ['source/model'], packages: []},
	'source/remote': {rooms: ['source/model'], packages: ['imapflow', 'nodemailer', 'iconv-lite']},
	// A server of its own kind: what it is asked is the interface, and it reads messages as the session does.
	'source/local': {
		rooms: [
			'source/model',
			'source/store/maildir-index.ts',
			'source/remote/remote.ts',
			'source/remote/uid-set.ts',
			'source/text/addresses.ts',
			'source/text/header.ts',
			'source/text/parameters.ts',
		],
		packages: [],
	},
	'source/text': {rooms: ['source/model'], packages: ['mailparser', 'html-to-text', 'htmlparser2']},
	'source/calendar': {rooms: ['source/model'], packages: ['ical.js']},
	'source/compose': {rooms: ['source/model', 'source/text'], packages: ['nodemailer']},
	'source/writing': {
		rooms: [
			'source/model',
			'source/text',
			'source/store/drafts.ts',
			'source/compose',
			// Which loads nothing of what reads a calendar.
			'source/calendar/reply.ts',
			'source/session/session.ts',
			'source/session/live.ts',
		],
		packages: [],
	},
	'source/terminal': {rooms: ['source/model'], packages: []},
	'source/keys': {rooms: ['source/model'], packages: []},
	'source/demo': {rooms: ['source/model'], packages: []},
	'source/session': {
		// How mail leaves is an interface, as a server is.
		rooms: [
			'source/model',
			'source/store',
			'source/text',
			'source/calendar/calendar.ts',
			'source/remote/remote.ts',
			'source/remote/submission.ts',
		],
		packages: [],
	},
	'source/command-line': {rooms: ['source/model'], packages: []},
	'source/commands': {
		rooms: ['source/model', 'source/session/session.ts', 'source/session/live.ts'],
		packages: [],
	},
	components: {
		rooms: [
			'source/model',
			'source/keys',
			'source/session/session.ts',
			'source/session/live.ts',
			'source/writing/writing.ts',
		],
		packages: ['react', 'ink'],
	},
};

/** Modules that belong to one room. */
const guarded: Readonly<Record<string, readonly string[]>> = {
	'node:net': ['source/remote', 'source/demo'],
	'node:tls': ['source/remote', 'source/demo'],
	'node:sqlite': ['source/store'],
	'node:readline': [],
};

type Import = {readonly file: string; readonly specifier: string; readonly isLazy: boolean; readonly isType: boolean};

const filesOf = (folder: string): string[] =>
	fs
		.readdirSync(path.join(root, folder), {recursive: true, encoding: 'utf8'})
		.filter(name => /\.tsx?$/.test(name))
		.map(name => path.join(folder, name));

function importsOf(file: string): Import[] {
	const text = fs.readFileSync(path.join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
	const found: Import[] = [];
	for (const [, isType, specifier] of text.matchAll(/^(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'/gm)) {
		found.push({file, specifier: specifier!, isLazy: false, isType: isType !== undefined});
	}
	for (const [, specifier] of text.matchAll(/^import\s+'([^']+)'/gm)) {
		found.push({file, specifier: specifier!, isLazy: false, isType: false});
	}
	for (const [, specifier] of text.matchAll(/\bimport\(\s*'([^']+)'/g)) {
		found.push({file, specifier: specifier!, isLazy: true, isType: false});
	}
	return found;
}

const packageOf = (specifier: string): string =>
	specifier
		.split('/')
		.slice(0, specifier.startsWith('@') ? 2 : 1)
		.join('/');
const resolve = ({file, specifier}: Import): string => path.join(path.dirname(file), specifier);
const isInside = (target: string, room: string): boolean => target === room || target.startsWith(`${room}/`);

for (const [room, rule] of Object.entries(rules)) {
	test(`${room} imports only what the table allows`, () => {
		const wrong: string[] = [];
		for (const each of filesOf(room).flatMap(importsOf)) {
			const {file, specifier} = each;
			if (specifier.startsWith('node:')) {
				const owners = guarded[specifier];
				if (owners && !owners.includes(room)) wrong.push(`${file}: ${specifier}`);
			} else if (specifier.startsWith('.')) {
				const target = resolve(each);
				if (!isInside(target, room) && !rule.rooms.some(allowed => isInside(target, allowed)))
					wrong.push(`${file}: ${specifier}`);
			} else if (!rule.packages.includes(packageOf(specifier))) wrong.push(`${file}: ${specifier}`);
		}
		assert.deepEqual(wrong, []);
	});
}

test('docs/architecture.md names every file directly in source/, and no other', () => {
	const page = fs.readFileSync(path.join(root, 'docs/architecture.md'), 'utf8');
	const [, list = ''] = /The files directly in `source\/` are [^:]*: (.*?)\. The same test/.exec(page) ?? [];
	const named = [...list.matchAll(/`([\w-]+\.tsx?)`/g)].map(([, name]) => name);
	const there = fs.readdirSync(path.join(root, 'source')).filter(name => /\.tsx?$/.test(name));
	assert.deepEqual(named.toSorted(), there.toSorted());
});

/** What these files reach without `import()`: the files, and the packages among `wanted`. */
function loadedBy(entries: readonly string[], wanted: ReadonlySet<string>): {files: Set<string>; packages: string[]} {
	const files = new Set<string>();
	const packages: string[] = [];
	const visit = (file: string): void => {
		if (files.has(file)) return;
		files.add(file);
		for (const each of importsOf(file)) {
			if (each.isLazy || each.isType) continue;
			if (each.specifier.startsWith('.')) {
				if (/\.tsx?$/.test(each.specifier)) visit(resolve(each));
			} else if (wanted.has(packageOf(each.specifier))) packages.push(`${file}: ${each.specifier}`);
		}
	};
	for (const entry of entries) visit(entry);
	return {files, packages};
}

test('imapflow, html-to-text, mailparser, nodemailer and ical.js are not loaded before the first screen', () => {
	// client.tsx is what paints; what it and cli.ts reach without `import()` is there before the first screen.
	const lazy = new Set(['imapflow', 'html-to-text', 'mailparser', 'nodemailer', 'ical.js']);
	const {files, packages} = loadedBy(['source/cli.ts', 'source/client.tsx'], lazy);
	assert.deepEqual(packages, []);
	assert.ok(files.size > 50, `only ${files.size} files were looked at`);
});

test('a command loads nothing of the screens, and imapflow only when it dials', () => {
	const heavy = new Set(['react', 'ink', 'imapflow', 'html-to-text', 'mailparser', 'nodemailer', 'ical.js']);
	const {files, packages} = loadedBy(['source/cli.ts', 'source/run-session-command.ts'], heavy);
	assert.deepEqual(packages, []);
	assert.deepEqual(
		[...files].filter(file => file.startsWith('components/')),
		[],
	);
	assert.ok(files.size > 50, `only ${files.size} files were looked at`);
});

test('every start reads the entry and the first frame: no package is among them, no component, and little else', () => {
	const everything = new Set(
		Object.values(rules)
			.flatMap(({packages}) => packages)
			.concat('conf', 'chalk'),
	);
	const {files, packages} = loadedBy(['source/bonsai.ts'], everything);
	assert.deepEqual(packages, []);
	const rooms = ['source/command-line', 'source/model', 'source/keys', 'source/terminal', 'source/store'];
	const ofList = ['stored-list', 'projections', 'hidden', 'arrivals', 'shown-message'];
	const ofSession = [...ofList, 'listed-mailboxes', 'mailbox-tree', 'live'].map(name => `session/${name}`);
	const ofEntry = ['bonsai', 'need-node', 'first-screen', 'config-folders', 'clock'];
	const others = [...ofEntry, ...ofSession].map(name => `source/${name}.ts`);
	const isAllowed = (file: string): boolean => [...rooms, ...others, 'components'].some(each => isInside(file, each));
	assert.deepEqual(
		[...files].filter(file => !isAllowed(file) || file.endsWith('.tsx')),
		[],
	);
	assert.ok(files.has('components/first-frame.ts'));
});

test('imapflow’s calls that lose mail, deadlock or waste turns are used nowhere (docs/protocol.md)', () => {
	const forbidden =
		/\.(messageMove|messageDelete|messageCopy|mailboxClose|mailboxOpen|getMailboxLock|fetchOne|download)\(|'(CLOSE|EXPUNGE)'/;
	for (const file of filesOf('source/remote')) {
		assert.doesNotMatch(
			fs.readFileSync(path.join(root, file), 'utf8').replaceAll(/onUntagged\.\w+/g, ''),
			forbidden,
			file,
		);
	}
});
