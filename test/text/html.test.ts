import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {htmlToText} from '../../source/text/text.ts';

const textOf = async (html: string): Promise<string> => (await htmlToText(html)).text;
const bodyOf = async (html: string): Promise<string> => (await textOf(html)).split('\n\nLinks:')[0]!;

describe('htmlToText', () => {
	it('reads like a text: headings, paragraphs, lists, quotes', async () => {
		const html = `<html><head><title>no</title><style>p{color:red}</style></head><body>
			<h1>Title</h1><p>One<br>two &amp; three.</p><ul><li>a<li>b<ol><li>c</ol></ul>
			<blockquote>said<blockquote>before</blockquote></blockquote><pre>  x\n    y</pre><script>alert(1)</script></body></html>`;
		assert.equal(
			await textOf(html),
			'Title\n\nOne\ntwo & three.\n\n* a\n* b\n  1. c\n\n> said\n>\n> > before\n\n  x\n    y',
		);
	});

	it('numbers links and lists them at the end, each address once', async () => {
		const {text, links} = await htmlToText(
			'<a href="https://example.com/a?b=1&amp;c=2">here</a>, <a href="mailto:a@b.c">write</a>, <a href=//example.com/a?b=1&c=2>again</a>',
		);
		assert.equal(text, 'here[1], write[2], again[1]\n\nLinks:\n[1] https://example.com/a?b=1&c=2\n[2] mailto:a@b.c');
		assert.deepEqual(links, ['https://example.com/a?b=1&c=2', 'mailto:a@b.c']);
	});

	it('lists nothing but http, https and mailto', async () => {
		const {text, links} = await htmlToText(
			'<a href="javascript:alert(1)">a</a> <a href="data:text/html,x">b</a> <a href="#c">c</a> <a href="/d">d</a> <a href="file:///etc">e</a> <a href=" java\nscript:x">f</a>',
		);
		assert.deepEqual(links, []);
		assert.equal(text, 'a b c d e f');
	});

	it('contradicts words that name another host than they lead to', async () => {
		const lies = [
			['https://paypal.com/login', 'http://evil.example/', 'evil.example'],
			['www.paypal.com', 'https://paypal.com.evil.example/', 'paypal.com.evil.example'],
			['paypal.com', 'https://evil.example/paypal.com', 'evil.example'],
			['https://paypal.com', 'https://paypal.com@evil.example/', 'evil.example'],
			['Visit https://bank.example now', 'https://evil.example', 'evil.example'],
			['pay\u200bpal.com', 'https://evil.example', 'evil.example'],
			['https://раураl.com', 'https://paypal.com', 'paypal.com'],
			['a@bank.example', 'mailto:b@evil.example', 'b@evil.example'],
		] as const;
		for (const [words, href, target] of lies) {
			const body = await bodyOf(`<a href="${href}">${words}</a>`);
			assert.ok(body.endsWith(`[1: leads to ${target}]`), body);
		}
	});

	it('does not contradict honest words', async () => {
		const honest = [
			['https://example.com/x', 'https://example.com/x'],
			['example.com', 'https://www.example.com/'],
			['www.example.com', 'https://example.com/a'],
			['example.com', 'https://shop.example.com/'],
			['readme.md', 'https://github.com/x/readme.md'],
			['Click here.', 'https://example.com'],
			['Node.js', 'https://nodejs.org'],
			['a@b.c', 'mailto:a@b.c?subject=x'],
		] as const;
		for (const [words, href] of honest) {
			const body = await bodyOf(`<a href="${href}">${words}</a>`);
			assert.equal(body.replace(' [1]', '[1]'), `${words}[1]`);
		}
	});

	it('shows a long address once, in the list', async () => {
		const url = `https://example.com/${'x'.repeat(100)}`;
		assert.equal(await textOf(`<a href="${url}">${url}</a>`), `https://example.com/… [1]\n\nLinks:\n[1] ${url}`);
	});

	it('keeps a number apart from an address, so that the address can be copied', async () => {
		assert.equal(await bodyOf('<a href="https://a.example/b">https://a.example/b</a>'), 'https://a.example/b [1]');
	});

	it('lists a host of look-alike letters as the ASCII it is', async () => {
		assert.deepEqual((await htmlToText('<a href="https://раураl.com">x</a>')).links, ['https://xn--l-7sba6dbr.com/']);
	});

	it('leaves out what the author hid', async () => {
		const hidden = [
			'<div style="display:none">X</div>',
			'<div style="DISPLAY : none !important">X</div>',
			'<span style="visibility:hidden">X</span>',
			'<span style="font-size:0px">X</span>',
			'<span style="font-size:1px;line-height:1px">X</span>',
			'<div style="max-height:0;overflow:hidden">X</div>',
			'<div style="mso-hide:all">X</div>',
			'<div style="opacity:0"><p>X</p></div>',
			'<div hidden>X</div>',
			'<font color="#FFFFFF">X</font>',
			'<p style="color:rgb(255, 255, 255)">X</p>',
			'<div style="background:#000"><p style="color:black">X</p></div>',
			'<div style="dis/**/play:none">X</div>',
			'<!-- X --><template>X</template><noframes>X</noframes>',
			'<img alt="X" width="1" height="1">',
			'<a href="https://track.example"></a>',
		];
		for (const html of hidden) assert.equal(await textOf(`<p>a</p>${html}<p>b</p>`), 'a\n\nb', html);
	});

	it('keeps what only looks hidden', async () => {
		const seen = [
			'<td style="font-size:0"><span style="font-size:14px">X</span></td>',
			'<div style="visibility:hidden"><b style="visibility:visible">X</b></div>',
			'<div style="background-color:#036"><a style="color:#fff">X</a></div>',
			'<table><td bgcolor="#000"><font color=white>X</font></td></table>',
			'<style>.b{background:red}</style><p class=b style="color:#fff">X</p>',
			'<p style="display:none">Y<p>X',
		];
		for (const html of seen) assert.equal(await textOf(html), 'X', html);
	});

	it('shows images by their words, and an emoji as itself', async () => {
		assert.equal(await textOf('<img src="http://x/y" alt="Our logo"> <img src=a> <img alt="😀">'), '[Our logo] 😀');
	});

	it('flattens tables of layout, and keeps cells apart', async () => {
		assert.equal(
			await textOf('<table><tr><td>a</td><td>b</td></tr><tr><td><table><tr><td>c</table></td></tr></table>'),
			'a b\nc',
		);
	});

	it('drops the invisible filling behind a preheader', async () => {
		assert.equal(await textOf(`Hello${'&nbsp;&zwnj;&#847;&shy;'.repeat(50)} you`), 'Hello you');
	});

	it('cannot drive the terminal', async () => {
		const text = await textOf(
			'<p>&#27;[2J&#x9b;31m\u202ex &#x1b;]0;a&#7;</p><img alt="&#27;c"><a href="http://a/&#27;">l</a>',
		);
		assert.ok(!/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/.test(text), JSON.stringify(text));
	});

	it('reads broken HTML', async () => {
		assert.equal(await textOf('<p>a<b>b</p>c</i></div><td>d<p'), 'ab\n\ncd');
		assert.equal(await textOf(''), '');
		assert.equal(await textOf('<'), '<');
		assert.equal(await textOf('a < b & c &unknown; &#0; &#xd800;'), 'a < b & c &unknown; \ufffd \ufffd');
	});

	it('survives 2 MB of hostile HTML in bounded time, and says what it cut', async () => {
		const hostile: Record<string, string> = {
			'50k divs': `${'<div>'.repeat(50_000)}x`,
			'open and wrong close tags': '<b>'.repeat(300_000) + '</i>'.repeat(250_000),
			'close tags far below': `<div>${'<b>'.repeat(200_000)}${'</div>'.repeat(200_000)}`,
			quotes: '<blockquote>x'.repeat(150_000),
			lists: '<ul><li>x'.repeat(200_000),
			tables: '<table><tr><td>x'.repeat(120_000),
			paragraphs: '<p>x'.repeat(500_000),
			'a huge attribute': `<a href="${'x'.repeat(2_000_000)}`,
			'many attributes': `<a ${'b=c '.repeat(500_000)}>x`,
			'many links': Array.from({length: 40_000}, (_, index) => `<a href="http://e.com/${index}">l</a>`).join(''),
			'nested links': '<a href="http://e.com">x'.repeat(80_000),
			'deep links': `${'<a href="http://e.com"><b>x'.repeat(70_000)}`,
			entities: '&'.repeat(2_000_000),
			'less than': '<'.repeat(2_000_000),
			'blanks before a word': `<p>a${' \u00a0\t'.repeat(350_000)}b`,
			comments: '<!--'.repeat(500_000),
			styles: `<p style="${'/*'.repeat(900)}">x`.repeat(1_000),
			'too much': 'word '.repeat(600_000),
		};
		for (const [name, html] of Object.entries(hostile)) {
			const started = performance.now();
			const {text} = await htmlToText(html);
			const elapsed = performance.now() - started;
			assert.ok(elapsed < 15_000, `${name} took ${elapsed} ms`);
			assert.ok(text.length < 8_000_000, `${name} became ${text.length} characters`);
		}
		assert.match(await textOf(hostile['50k divs']!), /layout is lost in places\.\]\n\nx$/);
		assert.match(await textOf(hostile['too much']!), /^\[Only the first 2 MB/);
		assert.match(await textOf(hostile['many links']!), /more links than are listed/);
	});
});
