import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {Config, ConfigProblem} from '../source/config.ts';
import type {Account} from '../source/model/account.ts';
import {drainAll} from '../source/model/draining.ts';
import {Failure} from '../source/model/failure.ts';
import {accountName, inbox, mailboxPath} from '../source/model/ids.ts';
import {defaultWishes, noWish, type Wish, withWish} from '../source/model/wish.ts';
import {passwordOf} from '../source/password.ts';
import {ownFolder} from './helpers/own-folder.ts';

const account: Account = {
	name: accountName('work'),
	tunnel: '',
	folder: '',
	host: 'imap.example.org',
	port: 993,
	security: 'tls',
	user: 'me',
	password: {from: 'command', command: 'pass mail'},
	authentication: 'auto',
	certificateFile: '',
	budget: 'free',
	disabledCapabilities: [],
	specialMailboxes: {},
	model: 'disconnected',
	mailboxModels: {'Lists/bonsai': 'online'},
	statePlaces: {},
	wishes: {otherwise: noWish, mailboxes: {INBOX: {...noWish, summaries: 'all'}}},
	drainings: {otherwise: drainAll, mailboxes: {INBOX: {leaveDays: 7, olderThanDays: 0, mostBytes: 5_000_000}}},
	diskBytes: 1000,
	sending: {
		smtp: {
			host: 'smtp.example.org',
			port: 587,
			security: 'starttls',
			user: 'me',
			authentication: 'auto',
			certificateFile: '',
		},
		password: {from: 'environment', variable: 'P'},
		command: '',
		identities: [{name: 'Ada', address: 'ada@example.org', signatureFile: '', mailboxes: ['Lists/ink']}],
		signatureFile: '/home/ada/.signature',
		sentCopies: 'server',
		drafts: 'here',
	},
};

test('an account is kept, readable by its owner only, and removed', context => {
	const folder = ownFolder(context);
	new Config({BONSAI_HOME: folder}).addAccount(account);
	assert.deepEqual(new Config({BONSAI_HOME: folder}).accounts, [account]);
	assert.equal(fs.statSync(path.join(folder, 'config.json')).mode & 0o077, 0);
	assert.equal(new Config({BONSAI_HOME: folder}).removeAccount(account.name), true);
	assert.deepEqual(new Config({BONSAI_HOME: folder}).accounts, []);
});

test('wishes and models are kept in the file, and nothing else of it is touched', context => {
	const folder = ownFolder(context);
	const file = path.join(folder, 'config.json');
	const written = () => JSON.parse(fs.readFileSync(file, 'utf8'));
	const config = new Config({BONSAI_HOME: folder});
	fs.writeFileSync(
		file,
		JSON.stringify({accounts: {work: {host: 'h', comment: 'mine'}, home: {host: 'i'}}, preferences: {plain: true}}),
	);
	const work = accountName('work');
	const news = mailboxPath('News');
	const wish: Wish = {...noWish, summaries: {since: '2026-01-31'}};
	const wishes = withWish(withWish(defaultWishes, news, wish), inbox, undefined);
	config.setWish(work, news, wish);
	new Config({BONSAI_HOME: folder}).setWish(work, inbox, undefined);
	config.setModel(work, 'disconnected', news);
	assert.deepEqual(written().accounts.work, {
		host: 'h',
		comment: 'mine',
		wishes,
		mailboxModels: {News: 'disconnected'},
	});
	config.setModel(work, 'online', news);
	config.setModel(work, 'disconnected');
	const {accounts, preferences} = written();
	assert.deepEqual(accounts.work, {host: 'h', comment: 'mine', wishes, mailboxModels: {}, model: 'disconnected'});
	assert.deepEqual([accounts.home, preferences], [{host: 'i'}, {plain: true}]);
	const [read] = new Config({BONSAI_HOME: folder}).accounts;
	assert.deepEqual([read?.wishes, read?.model], [wishes, 'disconnected']);
});

test('where the state of messages lives is kept by mailbox, in the words it is typed in', context => {
	const folder = ownFolder(context);
	const config = new Config({BONSAI_HOME: folder});
	config.addAccount(account);
	const place = {with: 'shared', place: {in: 'folder', folder: '/home/me/Sync'}} as const;
	config.setStatePlace(account.name, mailboxPath('News'), place);
	config.setStatePlace(account.name, inbox, {with: 'client'});
	const [read] = new Config({BONSAI_HOME: folder}).accounts;
	assert.deepEqual(read?.statePlaces, {News: place, INBOX: {with: 'client'}});
	const stored = JSON.parse(fs.readFileSync(path.join(folder, 'config.json'), 'utf8'));
	assert.deepEqual(stored.accounts.work.statePlaces, {News: 'shared /home/me/Sync', INBOX: 'client'});
	stored.accounts.work.statePlaces = {News: 'somewhere'};
	fs.writeFileSync(path.join(folder, 'config.json'), JSON.stringify(stored));
	assert.throws(() => new Config({BONSAI_HOME: folder}).accounts, isProblem(/statePlaces.*server, client, or shared/));
});

test('what cannot be kept is a problem that says why', context => {
	const folder = ownFolder(context);
	const config = new Config({BONSAI_HOME: path.join(folder, 'bonsai')});
	config.addAccount(account);
	fs.writeFileSync(config.file, '{');
	assert.throws(() => config.setWish(account.name, inbox, noWish), isProblem(/cannot be read/));
	fs.rmSync(path.join(folder, 'bonsai'), {recursive: true});
	fs.writeFileSync(path.join(folder, 'bonsai'), '');
	assert.throws(() => config.setModel(account.name, 'online'), isProblem(/cannot be read/));
});

const isProblem = (words: RegExp) => (error: unknown) => error instanceof ConfigProblem && words.test(error.message);

test('the wishes of an account that was removed meanwhile are a problem', context => {
	const config = new Config({BONSAI_HOME: ownFolder(context)});
	assert.throws(() => config.setWish(account.name, inbox, noWish), ConfigProblem);
	assert.throws(() => config.setModel(account.name, 'online'), /has no account work any more/);
});

test('a tunnel needs no host in the file, unless TLS runs through it', context => {
	const folder = ownFolder(context);
	const write = (work: object): Config => {
		fs.writeFileSync(path.join(folder, 'config.json'), JSON.stringify({accounts: {work}}));
		return new Config({BONSAI_HOME: folder});
	};
	const [read] = write({tunnel: 'ssh host imapd'}).accounts;
	assert.deepEqual([read?.tunnel, read?.host, read?.security], ['ssh host imapd', '', 'none']);
	assert.throws(() => write({tunnel: 'ssh host imapd', security: 'tls'}).accounts, /"host"/);
	assert.throws(() => write({tunnel: 7}).accounts, /"tunnel" \(a command in quotes\)/);
});

test('what is remembered of a server is of its tunnel, not of others without a host', context => {
	const config = new Config({BONSAI_HOME: ownFolder(context)});
	const tunnel = (command: string): Account => ({...account, tunnel: command, host: '', port: 143});
	config.remembered(tunnel('ssh one imapd')).set({capabilities: ['IDLE']});
	assert.equal(config.remembered(tunnel('ssh two imapd')).get(), undefined);
	assert.deepEqual(config.remembered(tunnel('ssh one imapd')).get(), {capabilities: ['IDLE']});
});

test('without BONSAI_HOME the XDG folders are used, configuration apart from what may be lost', context => {
	const folder = ownFolder(context);
	const env = {HOME: folder, XDG_STATE_HOME: path.join(folder, 'elsewhere')};
	const config = new Config(env);
	config.addAccount(account);
	config.remembered(account).set({capabilities: ['IDLE']});
	assert.ok(fs.existsSync(path.join(folder, '.config/bonsai/config.json')));
	assert.ok(fs.existsSync(path.join(folder, 'elsewhere/bonsai/servers.json')));
	assert.deepEqual(new Config(env).remembered(account).get(), {capabilities: ['IDLE']});
});

test('preferences that are not there are the usual ones, and one of the wrong kind is named', context => {
	const folder = ownFolder(context);
	const read = (preferences: object) => {
		fs.writeFileSync(path.join(folder, 'config.json'), JSON.stringify({preferences}));
		return new Config({BONSAI_HOME: folder}).preferences;
	};
	assert.deepEqual([read({}).plain, read({}).slow, read({}).markRead], [false, false, true]);
	assert.deepEqual([read({plain: true}).plain, read({slow: true}).slow], [true, true]);
	assert.throws(() => read({plain: 'yes'}), /"plain" \(true or false\)/);
});

test('a configuration that cannot be used says where it is and what is wrong, and is left as it is', context => {
	const folder = ownFolder(context);
	const file = path.join(folder, 'config.json');
	const wrong: [string, RegExp][] = [
		['{"accounts": {', /config\.json is not valid JSON\. Mend it/],
		['{"accounts": {"work": {}}}', /account work has no usable "host"/],
		['{"accounts": {"work": {"host": "h", "port": 0}}}', /"port"/],
		['{"accounts": {"work": {"host": "h", "security": "maybe"}}}', /"security"/],
	];
	for (const [text, said] of wrong) {
		fs.writeFileSync(file, text);
		assert.throws(
			() => new Config({BONSAI_HOME: folder}).accounts,
			error => error instanceof ConfigProblem && said.test(error.message),
			text,
		);
		assert.equal(fs.readFileSync(file, 'utf8'), text);
	}
});

test('remembered capabilities that cannot be read or written cost a turn and nothing else', context => {
	const folder = ownFolder(context);
	const remembered = new Config({BONSAI_HOME: folder}).remembered(account);
	fs.writeFileSync(path.join(folder, 'servers.json'), 'garbage');
	assert.equal(remembered.get(), undefined);
	assert.doesNotThrow(() => remembered.set({capabilities: []}));
});

test('a password comes from a command or the environment; where it does not, the sentence says what to do', async () => {
	const from = (password: Account['password'], env = {}) => passwordOf({...account, password}, env);
	assert.equal(await from({from: 'command', command: 'printf "open sesame\\nmore"'}), 'open sesame');
	assert.equal(await from({from: 'environment', variable: 'P'}, {P: ' spaced '}), ' spaced ');
	const refuses = async (source: Account['password'], said: RegExp) =>
		assert.rejects(
			from(source),
			error => error instanceof Failure && error.kind === 'denied' && said.test(error.sentence),
		);
	await refuses({from: 'environment', variable: 'P'}, /environment variable P, which is not set/);
	await refuses({from: 'command', command: 'echo no key >&2; exit 3'}, /failed \(exit code 3\): no key/);
	await refuses({from: 'command', command: 'true'}, /printed nothing/);
	await refuses({from: 'nowhere'}, /--password-command/);
});

test('a binding that makes no sense is a problem of the file it stands in', context => {
	const folder = ownFolder(context);
	const keymap = (keys: unknown) => {
		fs.writeFileSync(path.join(folder, 'config.json'), JSON.stringify({keys}));
		return new Config({BONSAI_HOME: folder}).keymap;
	};
	assert.equal(keymap(undefined).preset, 'default');
	assert.deepEqual(
		keymap({preset: 'mutt', bind: {archive: ['A']}})
			.on('messages')
			.keysOf('archive'),
		['A'],
	);
	assert.throws(
		() => keymap({bind: {archive: ['d']}}),
		error => error instanceof ConfigProblem && /config\.json: "bind" of "keys": on the screens/.test(error.message),
	);
});
