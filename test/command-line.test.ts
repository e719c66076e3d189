import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readCommandLine} from '../source/command-line/command-line.ts';
import {options} from '../source/command-line/options.ts';
import {usage} from '../source/command-line/usage.ts';
import {UsageProblem} from '../source/command-line/usage-problem.ts';
import type {Account} from '../source/model/account.ts';

const added = (line: string): Account => {
	const wanted = readCommandLine(['account', 'add', 'work', ...line.split(' ')]);
	assert.equal(wanted.command, 'account add');
	return (wanted as {account: Account}).account;
};

test('cleartext is only ever on purpose', () => {
	const password = '--password-env P';
	assert.equal(added(`--imap imap://me@host ${password}`).security, 'tls');
	assert.equal(added(`--imap imap://me@host ${password}`).port, 993);
	assert.equal(added(`--imap imap://me@host:143 ${password}`).security, 'starttls');
	assert.equal(added(`--imap imaps://me@host:1993 ${password}`).security, 'tls');
	assert.equal(added(`--imap imap://me@host --security none ${password}`).port, 143);
});

test('a user name may hold an at sign, an address may be IPv6', () => {
	const account = added('--imap imap://me%40example.org@[::1]:1143 --password-env P');
	assert.equal(account.user, 'me@example.org');
	assert.equal(account.host, '::1');
});

test('a tunnel needs no server and no password, and no TLS unless that is asked for', () => {
	const wanted = (...words: readonly string[]) =>
		(readCommandLine(['account', 'add', 'work', '--tunnel', 'ssh host imapd', ...words]) as {account: Account}).account;
	const {tunnel, host, security, user, password} = wanted();
	assert.deepEqual({tunnel, host, security, user}, {tunnel: 'ssh host imapd', host: '', security: 'none', user: ''});
	assert.deepEqual(password, {from: 'nowhere'});
	const asking = wanted('--user', 'me', '--password-env', 'P');
	assert.deepEqual([asking.user, asking.password], ['me', {from: 'environment', variable: 'P'}]);
	const encrypted = wanted('--security', 'starttls', '--imap', 'imap://me@mail.example');
	assert.deepEqual([encrypted.security, encrypted.host, encrypted.user], ['starttls', 'mail.example', 'me']);
	assert.throws(() => wanted('--security', 'tls'), /name of the server/);
	assert.throws(() => readCommandLine(['account', 'add', 'work', '--tunnel', ' ']), /a command that speaks IMAP/);
});

test('what is wrong is said, and what to do', () => {
	const wrong: [string, RegExp][] = [
		['frobnicate', /no command frobnicate/],
		['--colour', /colour/],
		['account add', /give the account a name/],
		['account add work', /--imap imap:\/\/me@host/],
		['account add work --imap imap://me:secret@host --password-env P', /does not belong on the command line/],
		['account add work --imap http://host --password-env P', /looks like imap:/],
		['account add work --imap imap://me@host', /--password-command/],
		['account add work --imap imap://me@host --password-env P --password-keyring', /one place/],
		['account add ../x --imap imap://me@host --password-env P', /no name for an account/],
		['account add work --imap imap://me@host --password-env P --security perhaps', /tls, starttls or none/],
		['account add work --imap imap://me@host --password-env P --authentication magic', /is one of/],
		['account remove', /which account/],
		['--budget lavish', /free or metered/],
		['demo extra', /one word too many/],
		['account list --link x', /--link is no option of bonsai account list/],
		['--imap imap://host', /--imap is no option of bonsai/],
	];
	for (const [line, said] of wrong) {
		assert.throws(
			() => readCommandLine(line.split(' ')),
			error => error instanceof UsageProblem && said.test(error.message),
			line,
		);
	}
});

test('no account, an account and a mailbox, the demo over a line', () => {
	assert.deepEqual(readCommandLine([]), {
		command: 'client',
		account: undefined,
		mailbox: undefined,
		budget: undefined,
		sessionBytes: undefined,
		isPlain: false,
		isSlow: false,
	});
	assert.deepEqual(readCommandLine('--account a --mailbox 日本 --budget metered --session-budget 200kB'.split(' ')), {
		command: 'client',
		account: 'a',
		mailbox: '日本',
		budget: 'metered',
		sessionBytes: 200_000,
		isPlain: false,
		isSlow: false,
	});
	assert.throws(() => readCommandLine(['--session-budget', 'much']), /--session-budget is an amount/);
	assert.deepEqual(readCommandLine(['demo', '--link', '9600bps,300ms', '--plain', '--slow']), {
		command: 'demo',
		disabled: [],
		link: '9600bps,300ms',
		mailbox: undefined,
		budget: undefined,
		sessionBytes: undefined,
		isPlain: true,
		isSlow: true,
	});
	assert.throws(() => readCommandLine(['list', 'INBOX', '--plain']), /--plain is no option of bonsai list/);
});

const act = (line: string) => {
	const wanted = readCommandLine(line.split(' '));
	assert.equal(wanted.command, 'session');
	return (wanted as Extract<typeof wanted, {command: 'session'}>).act;
};

test('commands name mailboxes, UIDs and sets of them', () => {
	assert.deepEqual(act('list inBOX'), {act: 'list', mailbox: 'INBOX', limit: 20});
	assert.deepEqual(act('parts Lists/ink 7 --uidvalidity 3'), {
		act: 'parts',
		mailbox: 'Lists/ink',
		uid: 7,
		uidValidity: 3,
	});
	assert.deepEqual(act('move INBOX 20:18,12 12 4 Sent'), {
		act: 'decide',
		mailbox: 'INBOX',
		uids: [4, 12, 18, 19, 20],
		named: [4, 12],
		uidValidity: undefined,
		changes: [{kind: 'move', to: {path: 'Sent'}}],
		mayWait: true,
	});
});

test('flags are words, and deleting is a move to the Trash unless it is for good', () => {
	const changes = (line: string) => (act(line) as {changes: unknown}).changes;
	assert.deepEqual(changes('flag INBOX 1 --add seen --add $Later --remove \\FLAGGED'), [
		{kind: 'flag', flag: '\\Seen', isSet: true},
		{kind: 'flag', flag: '$Later', isSet: true},
		{kind: 'flag', flag: '\\Flagged', isSet: false},
	]);
	assert.deepEqual(changes('delete INBOX 1'), [{kind: 'move', to: {use: 'trash'}}]);
	assert.deepEqual(changes('delete INBOX 1 --forever'), [{kind: 'remove'}]);
});

test('what a command cannot take is said', () => {
	const wrong: [string, RegExp][] = [
		['list', /say which mailbox/],
		['list INBOX --limit 0', /--limit is how many/],
		['list INBOX --limit 20001', /20000 at most/],
		['list INBOX extra', /one word too many/],
		['list INBOX --add seen', /--add is no option of bonsai list/],
		['read INBOX', /say which message/],
		['read INBOX 0', /0 is no UID/],
		['read INBOX 4294967296', /is no UID/],
		['read INBOX 1 --part 1..2', /no number of a part/],
		['read INBOX 1 --uidvalidity x', /--uidvalidity is a number/],
		['flag INBOX 1', /say which flag/],
		['flag INBOX --add seen', /say which messages/],
		['flag INBOX 1 --add so(me', /is no flag/],
		['flag INBOX 1:2:3 --add seen', /no range of UIDs/],
		['flag INBOX 1:* --add seen', /\* is no UID/],
		['flag INBOX 1:4294967295 --add seen', /more than 100000 UIDs/],
		['move INBOX 1', /say which messages/],
		['delete INBOX 1 --replace', /--replace is no option of bonsai delete/],
	];
	for (const [line, said] of wrong) {
		assert.throws(
			() => readCommandLine(line.split(' ')),
			error => error instanceof UsageProblem && said.test(error.message),
			line,
		);
	}
});

test('a server that sends is never cleartext but on purpose, and its password is nowhere in its address', () => {
	const sending = (...words: readonly string[]) =>
		(
			readCommandLine(['account', 'add', 'work', '--imap', 'imap://me@host', '--password-env', 'P', ...words]) as {
				account: Account;
			}
		).account.sending;
	const smtp = (...words: readonly string[]) => {
		const {host, port, security, user} = sending('--smtp', ...words).smtp!;
		return [host, port, security, user];
	};
	assert.deepEqual(smtp('smtp://me%40x.example@host'), ['host', 587, 'starttls', 'me@x.example']);
	assert.deepEqual(smtp('smtps://me@host'), ['host', 465, 'tls', 'me']);
	assert.deepEqual(smtp('smtp://me@[::1]:465'), ['::1', 465, 'tls', 'me']);
	assert.deepEqual(smtp('smtp://host:25', '--smtp-security', 'none'), ['host', 25, 'none', '']);
	assert.deepEqual(sending(), {
		smtp: undefined,
		password: undefined,
		command: '',
		identities: [],
		signatureFile: '',
		sentCopies: 'append',
		drafts: 'server',
	});
	const two = sending(
		'--sendmail-command',
		'msmtp -a work',
		'--identity',
		'Ada B <ada@x.example>',
		'--identity',
		'a@y.example',
	);
	assert.equal(two.command, 'msmtp -a work');
	assert.deepEqual(
		two.identities.map(({name, address}) => [name, address]),
		[
			['Ada B', 'ada@x.example'],
			['', 'a@y.example'],
		],
	);
	const people = sending(
		...['--identity', 'Ada <ada@x.example>', '--identity', 'a@y.example', '--signature', 'own.txt'],
		...[
			'--signature',
			'ADA@x.example=a=b.txt',
			'--identity-in',
			'a@y.example=Lists/ink',
			'--identity-in',
			'a@y.example=Lists/b',
		],
	);
	assert.equal(people.signatureFile, 'own.txt');
	assert.deepEqual(
		people.identities.map(({signatureFile, mailboxes}) => [signatureFile, mailboxes]),
		[
			['a=b.txt', []],
			['', ['Lists/ink', 'Lists/b']],
		],
	);
	assert.deepEqual(sending('--smtp', 'smtp://me@h', '--smtp-password-command', 'pass smtp').password, {
		from: 'command',
		command: 'pass smtp',
	});
	const wrong: [readonly string[], RegExp][] = [
		[['--smtp', 'smtp://me:secret@host'], /does not belong on the command line/],
		[['--smtp', 'imap://host'], /looks like smtp:/],
		[['--smtp', 'smtp://h', '--sendmail-command', 'x'], /not by both/],
		[['--smtp', 'smtp://h', '--smtp-security', 'perhaps'], /tls, starttls or none/],
		[['--smtp-security', 'tls'], /which server sends/],
		[['--sendmail-command', ' '], /called as sendmail is/],
		[['--identity', 'nobody'], /nobody to write as/],
		[['--signature', 'bo@x.example=f'], /--signature is about bo@x\.example: name it first, --identity/],
		[['--identity', 'a@y.example', '--identity-in', 'b@y.example=INBOX'], /--identity-in is about b@y\.example/],
		[['--identity', 'a@y.example', '--identity-in', 'INBOX'], /an address of yours, = and a mailbox, not INBOX/],
		[['--smtp', 'smtp://h', '--smtp-password-env', 'A', '--smtp-password-command', 'b'], /one place/],
	];
	for (const [words, sentence] of wrong) assert.throws(() => sending(...words), sentence, words.join(' '));
});

test('send takes sendmail’s options as programs write them', () => {
	const send = (...words: readonly string[]) => {
		const wanted = readCommandLine(['send', ...words]);
		assert.ok(wanted.command === 'send');
		const {recipients, takesRecipients, endsAtDot, from, what, account} = wanted;
		return {recipients, takesRecipients, endsAtDot, from, what, account};
	};
	const usual = {
		recipients: [],
		takesRecipients: false,
		endsAtDot: true,
		from: undefined,
		what: 'message',
		account: undefined,
	};
	assert.deepEqual(send(), usual);
	assert.deepEqual(send('-ti'), {...usual, takesRecipients: true, endsAtDot: false});
	assert.deepEqual(send('-t', '-oi', '-oem', '-bm', '-F', 'Full Name', '-N', 'never', '-v'), {
		...usual,
		takesRecipients: true,
		endsAtDot: false,
	});
	assert.deepEqual(send('-fme@x', 'a@b'), {...usual, from: 'me@x', recipients: ['a@b']});
	assert.deepEqual(send('-f', '<>', '--account', 'work', '--', '-odd@b'), {
		...usual,
		from: '',
		account: 'work',
		recipients: ['-odd@b'],
	});
	assert.deepEqual(send('-a', 'work', '-q'), {...usual, what: 'queue', account: 'work'});
	for (const words of [['-f'], ['-q', 'a@b'], ['--mailbox', 'x'], ['-bs'], ['-bp']])
		assert.throws(
			() => send(...words),
			(error: UsageProblem) => error.exitCode === 64,
			words.join(' '),
		);
});

test('a mailto: URL, or the word compose, opens the mail client with a message to write', () => {
	const wanted = (...words: string[]) => {
		const read = readCommandLine(words);
		return read.command === 'client' ? read.compose : read.command;
	};
	assert.equal(wanted(), undefined);
	assert.equal(wanted('compose'), '');
	assert.equal(wanted('compose', 'ada@example.org'), 'ada@example.org');
	assert.equal(wanted('mailto:ada@example.org?subject=Hi', '--plain'), 'mailto:ada@example.org?subject=Hi');
	assert.throws(() => wanted('compose', 'a@b', 'c@d'), UsageProblem);
});

test('the help names every option, in lines of 80 columns', () => {
	for (const name of Object.keys(options)) assert.match(usage, new RegExp(`--${name}\\b`), name);
	for (const line of usage.split('\n')) assert.ok(line.length <= 80, line);
});
