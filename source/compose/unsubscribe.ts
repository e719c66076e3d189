/**
 * How one leaves the mailing list a message came by: List-Unsubscribe (RFC 2369 §3.2) and List-Unsubscribe-Post (RFC 8058).
 * Pure, never throws: the fields come from anybody.
 *
 * Laws: a mail goes to one address, and says no more than that one leaves unless the user has looked at it. A request goes to
 * one https address that carries no name or password. What is neither is not followed.
 */
import {emptyDraft} from '../model/draft.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import {fieldText, findField, type HeaderField, parseHeader} from '../text/header.ts';
import {readMailto} from './mailto.ts';

export type WayOut =
	| {
			readonly by: 'mail';
			/** The mailto: URL, for `readMailto`. */
			readonly url: string;
			readonly to: string;
			/** It says only that one leaves, so the user need not look at it first. */
			readonly isPlain: boolean;
	  }
	/** A POST of `List-Unsubscribe=One-Click`. `host` has its port where that is unusual. */
	| {readonly by: 'one-click'; readonly url: string; readonly host: string}
	/** A page for people. */
	| {readonly by: 'page'; readonly url: string};

export type Leaving = {
	/** What the list calls itself; '' for nothing. */
	readonly list: SafeText;
	/** The first of each kind that can be followed, mail before one-click before a page. At least one. */
	readonly ways: readonly WayOut[];
};

/** More URLs than that are no choice but an attack; a longer one is none. */
const mostUrls = 10;
const longestUrl = 2000;

/** `header`: the octets of the fields. */
export function readLeaving(header: Buffer): Leaving | {readonly problem: string} {
	const fields = parseHeader(header);
	const field = findField(fields, 'list-unsubscribe');
	if (field === undefined) {
		if (!/\r?\n\r?\n$/.test(header.subarray(-4).toString('latin1')))
			return {problem: 'Its header is too long to find in it how one unsubscribes: look at all of it'};
		return {problem: 'It does not say how one unsubscribes: it may be written in its text'};
	}
	const mayPost = /^list-unsubscribe\s*=\s*one-click$/i.test(findField(fields, 'list-unsubscribe-post') ?? '');
	const urls = [...field.matchAll(/<([^<>]*)>/g)].slice(0, mostUrls).map(([, url = '']) => url.replaceAll(/\s/g, ''));
	const all = urls.flatMap(url => wayOf(url, mayPost) ?? []);
	const kinds = ['mail', 'one-click', 'page'] as const;
	const ways = kinds.flatMap(kind => all.find(({by}) => by === kind) ?? []);
	if (ways.length === 0)
		return {
			problem: 'What it gives to unsubscribe is neither a mail to one address nor a web address, so it is not followed',
		};
	return {list: nameOf(fields), ways};
}

function wayOf(url: string, mayPost: boolean): WayOut | undefined {
	if (url.length > longestUrl || !/^[!-~]+$/.test(url)) return undefined;
	if (/^mailto:/i.test(url)) return mailOf(url);
	if (!/^https?:\/\//i.test(url)) return undefined;
	try {
		const {protocol, host, username, password, href} = new URL(url);
		if (username !== '' || password !== '' || host === '') return undefined;
		return mayPost && protocol === 'https:' ? {by: 'one-click', url: href, host} : {by: 'page', url: href};
	} catch {
		return undefined;
	}
}

const nobody = {name: '', address: ''};

function mailOf(url: string): WayOut | undefined {
	const {to, cc, bcc, subject, text} = readMailto(url, nobody)?.draft ?? emptyDraft(nobody);
	const [only] = to;
	if (only === undefined || to.length > 1 || cc.length > 0 || bcc.length > 0) return undefined;
	const isPlain = [subject, text.trim()].every(words => words === '' || saysLeave.test(words));
	return {by: 'mail', url, to: only.address, isPlain};
}

/** The word, and perhaps one more by which the list knows whom: `unsubscribe`, `Unsubscribe: 7aBc`. */
const saysLeave = /^unsubscribe(?:[\s:,=-]*\S{1,200})?$/i;

/** `Weekly Tides <weekly.example.org>` (RFC 2919 §3): the phrase, or without one the identifier. */
function nameOf(fields: readonly HeaderField[]): SafeText {
	const [, phrase = '', id = ''] = /^([^<]*)(?:<([^<>]*)>)?/.exec(findField(fields, 'list-id') ?? '') ?? [];
	const name = fieldText(phrase.trim().replace(/^"(.*)"$/s, '$1'));
	return name === '' ? safeLine(id.trim()) : name;
}

/** What the server of a list made of the request. */
export type OneClick = {readonly status: number} | {readonly problem: string};

/** That as a sentence. */
export function oneClickWords(host: string, came: OneClick): SafeText {
	if ('problem' in came) return safeLine(`Not unsubscribed: ${came.problem}`);
	const {status} = came;
	if (status >= 200 && status < 300) return safeLine(`Unsubscribed: ${host} took the request`);
	const more = status >= 300 && status < 400 ? ' and points elsewhere, which is not followed' : '';
	return safeLine(`Not unsubscribed: ${host} answered ${status}${more}`);
}
