/** Sixty messages that somebody's mailer has got wrong, and a hundred made by chance of the same pieces. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Draft} from '../../source/model/draft.ts';
import {noise} from '../helpers/noise.ts';
import {randomDraft} from '../helpers/random-draft.ts';
import {attach, composed, draftOf, saysWhatItSays, someone} from '../helpers/written-mail.ts';

const named = (name: string, address = 'bo@example.net') => [{name, address}];
const everyOctet = Buffer.from(Array.from({length: 256}, (_, octet) => octet));

const cases: Readonly<Record<string, Partial<Draft>>> = {
	'nothing but the addresses': {},
	'an empty text and a subject': {subject: 'Only this'},
	'a text of one empty line': {text: '\n'},
	'a text that does not end its line': {text: 'no end'},
	'lines that end as on Windows': {text: 'one\r\ntwo\r\n'},
	'lines that end as on an old Mac': {text: 'one\rtwo\r'},
	'empty lines in front and behind': {text: '\n\n\ntext\n\n\n'},
	'a dot alone on its line': {text: 'before\n.\nafter\n'},
	'lines that begin with dots': {text: '.one\n..two\n...\n'},
	'From at the beginning of a line': {text: 'From here on\n>From there\n'},
	'lines that begin with blanks': {text: ' one\n  two\n\tthree\n'},
	'blanks at the ends of lines': {text: 'one \ntwo  \nthree\n'},
	'a signature': {text: 'text\n\n-- \nAda\n'},
	'two dashes that are no signature': {text: '--\n--  \n'},
	'a signature that was quoted': {text: '> text\n> -- \n> Bo\n'},
	'a line of 2,000 words': {text: `${'word '.repeat(2000)}\n`},
	'a word of 5,000 letters': {text: `${'a'.repeat(5000)}\n`},
	'an address of 1,200 letters': {text: `see https://example.org/${'x'.repeat(1200)} there\n`},
	'a long line that begins with two dashes': {text: `-- ${'y'.repeat(90)}\n`},
	'runs of blanks in a long line': {text: `${'a   b '.repeat(60)}end\n`},
	'quotes in quotes': {text: '> > > deep\n> > less\n> least\nnone\n'},
	'a long quoted line': {text: `>> ${'quoted words '.repeat(30)}\n`},
	'quotes deeper than a line is wide': {text: `${'> '.repeat(90)}deep\n`},
	'an empty line in a quote': {text: '> one\n>\n> two\n'},
	umlauts: {text: 'Grüße aus Köln\n', subject: 'Grüße'},
	Cyrillic: {
		text: 'Привет, мир\n'.repeat(40),
		subject: 'Привет, мир, как дела и что нового у всех вас сегодня вечером',
	},
	'Chinese without a blank': {text: `${'郵件很長'.repeat(120)}\n`, subject: '郵件很長'.repeat(30)},
	'Arabic and Hebrew': {text: 'مرحبا بالعالم\nשלום עולם\n', subject: 'مرحبا'},
	'emoji of several code points': {text: '👩‍👩‍👧‍👦 👍🏽 🇩🇪\n', subject: `${'👩‍👩‍👧‍👦'.repeat(12)}`},
	'half a character': {text: 'half \ud83d of it\n', subject: 'half \udc00'},
	'control characters in the text': {text: 'a\0b\x07c\x1b[31md\x7f\n'},
	'a form feed and a tab': {text: 'one\ftwo\tthree\n'},
	'a byte order mark': {text: '\ufeffmark\n'},
	'equals signs and soft breaks': {text: '=3D =\n==\n=E2=82=AC ü\n'},
	'a subject that looks encoded': {subject: '=?utf-8?q?=41?= is not A'},
	'a subject of one word of 1,500 letters': {subject: 's'.repeat(1500)},
	'a subject of 400 words': {subject: 'several words '.repeat(200)},
	'a subject with runs of blanks': {subject: 'a  b   c'},
	'a subject with a tab': {subject: 'a\tb'},
	'a subject of quotes and backslashes': {subject: '"a" \\ "b'},
	'a subject that is a field': {subject: 'Bcc: eve@example.com'},
	'a subject that wants to be two fields': {subject: 'a\r\nBcc: eve@example.com\r\n\r\nbody'},
	'a subject with the line ends of Unicode': {subject: 'a\u2028b\u0085c'},
	'a name with a comma': {to: named('Doe, Jane')},
	'a name with quotes and a backslash': {to: named('Jane "J" \\ Doe')},
	'a name that is an address': {to: named('eve@example.com')},
	'a name with angle brackets': {to: named('Bo <eve@example.com>')},
	'a name that looks encoded': {to: named('=?utf-8?b?QQ==?=')},
	'a name that wants to be a field': {to: named('Bo\r\nBcc: eve@example.com')},
	'a name in another script, longer than a line': {
		to: named('Александра Константинопольская-Преображенская '.repeat(3)),
	},
	'a name of brackets, colons and semicolons': {to: named('Bo (home); all: of, us')},
	'a domain in another script': {to: named('', 'bo@bücher.example')},
	'an address in another script': {to: named('伯', '伯@例え.example')},
	'a local part in quotes': {to: named('', '"bo @ home"@example.net')},
	'an address literal': {to: named('', 'bo@[192.0.2.1]')},
	'two hundred people': {
		to: Array.from({length: 200}, (_, n) => ({name: `Person ${n}`, address: `person${n}@example.org`})),
	},
	'somebody twice': {to: [someone, someone], cc: [someone]},
	'hidden people only': {to: [], bcc: [{name: 'Eve', address: 'eve@hidden.example'}]},
	'hidden people besides': {bcc: [{name: 'Eve', address: 'eve@hidden.example'}]},
	'answers to somebody else': {replyTo: named('Öffentlich', 'all@example.org')},
	'a long thread': {
		references: Array.from({length: 60}, (_, n) => `<message.number.${n}@mail.example.org>`),
		inReplyTo: ['<message.number.59@mail.example.org>'],
	},
	'a field of the user’s own': {headers: [{name: 'X-Mood', value: 'größer als sonst'}]},
	'every octet there is': {text: 'see\n', attachments: [attach('octets.bin', everyOctet)]},
	'an attachment without a text': {attachments: [attach('a.bin', Buffer.from('a'))]},
	'an empty attachment': {attachments: [attach('empty.txt', Buffer.alloc(0), 'text/plain')]},
	'a text attached as it is': {attachments: [attach('unix.patch', Buffer.from('a\nb\rc\r\n \n'), 'text/x-patch')]},
	'a name with folders in front': {attachments: [attach('/home/ada/private/plan.pdf', noise(900), 'application/pdf')]},
	'a name with folders as on Windows': {attachments: [attach('C:\\Users\\ada\\plan.pdf', noise(10))]},
	'a name in another script, long': {attachments: [attach(`${'отчёт за неделю '.repeat(12)}.odt`, noise(10))]},
	'a name with quotes, percents and a star': {attachments: [attach(`it's "100%" *new*; (a).txt`, noise(10))]},
	'a name with a line break': {attachments: [attach('a\r\nContent-Type: text/html\r\n\r\nb.txt', noise(10))]},
	'a media type that is none': {attachments: [attach('a.bin', noise(10), 'text/html\r\nBcc: eve@example.com')]},
	'three attachments of 100 kB': {
		text: 'three\n',
		attachments: ['a', 'b', 'c'].map((name, n) => attach(name, noise(100_000, n + 1), 'application/octet-stream')),
	},
};

for (const [name, parts] of Object.entries(cases)) {
	test(`read back, a message with ${name} says what was written`, () => saysWhatItSays(draftOf(parts)));
}

test('a hundred messages made by chance say what was written', async () => {
	for (let seed = 1; seed <= 100; seed++)
		await saysWhatItSays(randomDraft(seed)).catch(error => {
			throw new Error(`seed ${seed}: ${error.message}`, {cause: error});
		});
});

test('an address in another script is said to need a server that takes it', async () => {
	assert.equal((await composed(draftOf({to: named('', '伯@例え.example')}))).needsUtf8, true);
	assert.equal((await composed(draftOf({to: named('伯', 'bo@例え.example')}))).needsUtf8, false);
});
