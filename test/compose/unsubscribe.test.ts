import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {oneClickWords, readLeaving} from '../../source/compose/unsubscribe.ts';

const post = 'List-Unsubscribe-Post: List-Unsubscribe=One-Click';
const read = (...lines: string[]) => readLeaving(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`));

/** The ways as one line each, or why there is none. */
function ways(...lines: string[]): string {
	const leaving = read(...lines);
	if ('problem' in leaving) return leaving.problem;
	return leaving.ways
		.map(way => {
			if (way.by === 'mail') return `mail ${way.to}${way.isPlain ? '' : ', to be looked at'}`;
			return way.by === 'page' ? `page ${way.url}` : `one-click ${way.host} ${way.url}`;
		})
		.join('; ');
}

const noWay = /neither a mail to one address nor a web address/;

describe('how one leaves a mailing list is read from its fields, and what is not safe to follow is not', () => {
	const table: readonly (readonly [string, readonly string[], string | RegExp])[] = [
		['mail', ['List-Unsubscribe: <mailto:leave@l.example>'], 'mail leave@l.example'],
		[
			'mail with the word as its subject',
			['List-Unsubscribe: <mailto:l@l.example?subject=Unsubscribe>'],
			'mail l@l.example',
		],
		[
			'mail with the word and a token',
			['List-Unsubscribe: <mailto:l@l.example?subject=unsubscribe:7aBc_9>'],
			'mail l@l.example',
		],
		[
			'mail that would say something else in the user’s name',
			['List-Unsubscribe: <mailto:boss@work.example?subject=I%20quit>'],
			'mail boss@work.example, to be looked at',
		],
		[
			'mail with a text of its own',
			['List-Unsubscribe: <mailto:boss@work.example?subject=unsubscribe&body=I%20quit>'],
			'mail boss@work.example, to be looked at',
		],
		['mail to several', ['List-Unsubscribe: <mailto:a@l.example,b@l.example>'], noWay],
		['mail with a copy to others', ['List-Unsubscribe: <mailto:a@l.example?bcc=b@l.example>'], noWay],
		['mail to nobody', ['List-Unsubscribe: <mailto:?subject=unsubscribe>'], noWay],
		['mail to what is no address', ['List-Unsubscribe: <mailto:a%0d%0aBcc:b@l.example>'], noWay],
		[
			'one click',
			['List-Unsubscribe: <https://l.example/u?id=7>', post],
			'one-click l.example https://l.example/u?id=7',
		],
		[
			'one click at an unusual port says so',
			['List-Unsubscribe: <https://l.example:8443/u>', post],
			'one-click l.example:8443 https://l.example:8443/u',
		],
		[
			'both, mail first',
			['List-Unsubscribe: <https://l.example/u>,', ' <mailto:u@l.example>', post],
			'mail u@l.example; one-click l.example https://l.example/u',
		],
		['a link without one click is a page', ['List-Unsubscribe: <https://l.example/u>'], 'page https://l.example/u'],
		['cleartext is never asked', ['List-Unsubscribe: <http://l.example/u>', post], 'page http://l.example/u'],
		[
			'another word in the post field is no one click',
			['List-Unsubscribe: <https://l.example/u>', 'List-Unsubscribe-Post: List-Unsubscribe=One-Click&x=1'],
			'page https://l.example/u',
		],
		['a password in the URL', ['List-Unsubscribe: <https://me:secret@l.example/u>', post], noWay],
		[
			'a host that looks like another is shown as it is asked',
			['List-Unsubscribe: <https://xn--pypal-4ve.example/u>', post],
			'one-click xn--pypal-4ve.example https://xn--pypal-4ve.example/u',
		],
		['a URL that is folded', ['List-Unsubscribe: <https://l.example/', ' u>'], 'page https://l.example/u'],
		['control characters', ['List-Unsubscribe: <https://l.example/\x1b[2J>', post], noWay],
		['8-bit characters', ['List-Unsubscribe: <https://l.example/é>', post], noWay],
		['other schemes', ['List-Unsubscribe: <javascript:alert(1)>, <file:///etc/passwd>, <ftp://l.example/>'], noWay],
		['no brackets', ['List-Unsubscribe: https://l.example/u'], noWay],
		['empty', ['List-Unsubscribe:'], noWay],
		['a bracket that never ends', ['List-Unsubscribe: <https://l.example/u'], noWay],
		['a URL longer than any', [`List-Unsubscribe: <https://l.example/${'u'.repeat(3000)}>`, post], noWay],
		['the eleventh URL', [`List-Unsubscribe: ${'<ftp://l.example/>, '.repeat(10)}<https://l.example/u>`], noWay],
		[
			'a second field',
			['List-Unsubscribe: <mailto:first@l.example>', 'List-Unsubscribe: <mailto:second@l.example>'],
			'mail first@l.example',
		],
		['no such field', ['List-Id: <l.example>'], /does not say how one unsubscribes/],
	];
	for (const [what, lines, expected] of table)
		test(what, () => {
			const found = ways(...lines);
			if (typeof expected === 'string') assert.equal(found, expected);
			else assert.match(found, expected);
		});
});

test('a header that was cut says that it is too long, not that it says nothing', () => {
	const leaving = readLeaving(Buffer.from('To: a@b.example,\r\n c@d.exam'));
	assert.match('problem' in leaving ? leaving.problem : '', /too long/);
});

test('a list is called what it calls itself, without what a terminal would obey', () => {
	const url = 'List-Unsubscribe: <mailto:u@l.example>';
	const nameIn = (field: string) => {
		const leaving = read(field, url);
		return 'problem' in leaving ? leaving.problem : leaving.list;
	};
	assert.equal(nameIn('List-Id: "Weekly Tides" <weekly.l.example>'), 'Weekly Tides');
	assert.equal(nameIn('List-Id: =?utf-8?q?Gezeiten_f=C3=BCr_alle?= <g.l.example>'), 'Gezeiten für alle');
	assert.equal(nameIn('List-Id: <weekly.l.example>'), 'weekly.l.example');
	assert.equal(nameIn('Subject: none'), '');
	assert.doesNotMatch(nameIn('List-Id: =?utf-8?q?=1B[2Jx?= <g.l.example>'), /\x1b/);
});

test('what came of a request is one sentence, which says unsubscribed only when the host took it', () => {
	assert.equal(oneClickWords('l.example', {status: 202}), 'Unsubscribed: l.example took the request');
	assert.match(
		oneClickWords('l.example', {status: 302}),
		/^Not unsubscribed: l\.example answered 302 and points elsewhere/,
	);
	assert.equal(oneClickWords('l.example', {status: 404}), 'Not unsubscribed: l.example answered 404');
	assert.equal(oneClickWords('l.example', {problem: 'it is far'}), 'Not unsubscribed: it is far');
});
