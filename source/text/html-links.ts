/**
The links of an HTML mail, numbered in the order they are met, and whether their words tell where they lead.

Laws:
- Only http, https and mailto are links; `javascript:`, `data:`, anchors and relative paths are words.
- An address is listed as the URL standard spells it, in ASCII: a host of look-alike letters shows as `xn--…`.
- Words that name a host other than the one they lead to are contradicted on the spot.
- Bounded: so many links, so long each.
*/
const maxLinks = 1_000;
const maxLength = 4_000;
/** A longer address that is also the link's words is shown once, in the list. */
const maxShown = 60;

const commonTlds =
	'com|org|net|edu|gov|mil|int|info|biz|io|app|dev|bank|shop|online|eu|de|uk|us|fr|nl|it|es|ch|at|be|jp|cn|ru|br|in|au|ca|se|no|dk|fi|pl|cz';
const host = String.raw`((?:[\p{L}\p{N}][\p{L}\p{N}-]{0,62}\.)+(?:xn--[a-z0-9-]{1,59}|\p{L}{2,24}))`;
const namedWithScheme = new RegExp(String.raw`(?:https?:\/\/|\bwww\.)(?:[^\s\/@]{1,80}@)?${host}`, 'iu');
const namedAlone = new RegExp(`^${host}(?=[/?#:]|$)`, 'iu');
const namedAddress = /^\S{1,64}@(\S{1,255})$/;
const commonTld = new RegExp(String.raw`\.(?:${commonTlds})$`, 'i');

function parse(href: string): URL | undefined {
	const text = href.trim().replace(/^\/\//, 'https://');
	if (text.length > maxLength || !/^(?:https?:|mailto:)/i.test(text)) return undefined;
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}

const bare = (name: string): string =>
	name
		.toLowerCase()
		.replace(/^www\./, '')
		.replace(/\.$/, '');

/** The host that the words name, as the URL standard spells it; undefined when they name none. */
function hostNamedBy(words: string): string | undefined {
	// Words are compared as they look, without the invisible characters that would keep them from being found.
	const text = words
		.slice(0, 300)
		.replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
		.trim();
	const alone = namedAlone.exec(text)?.[1];
	const isHost = alone !== undefined && commonTld.test(alone);
	const named = namedWithScheme.exec(text)?.[1] ?? (isHost ? alone : undefined);
	if (named === undefined) return undefined;
	try {
		return bare(new URL(`https://${named}`).hostname);
	} catch {
		return bare(named);
	}
}

function contradiction(url: URL, words: string): string | undefined {
	if (url.protocol === 'mailto:') {
		const target = decodeURIComponentSafely(url.pathname).toLowerCase();
		const named = namedAddress.exec(words.trim())?.[0]?.toLowerCase();
		return named !== undefined && named !== target ? target : undefined;
	}
	const named = hostNamedBy(words);
	const target = bare(url.hostname);
	const isHonest = named === undefined || target === named || target.endsWith(`.${named}`);
	return isHonest ? undefined : url.hostname;
}

function decodeURIComponentSafely(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

type LinkMark = {
	/** `[3]`, or `[3: leads to evil.example]`; '' for what is no link. */
	readonly mark: string;
	/** What to show instead of the words, when they are a long address that is in the list anyway. */
	readonly words: string | undefined;
};

export class LinkList {
	/** In their order, without doubles. */
	readonly addresses: string[] = [];
	/** True once there were more links than are counted. */
	isCut = false;
	readonly #numbers = new Map<string, number>();

	/** @param words What is seen of the link. A link without words is invisible, and none. */
	mark(href: string, words: string): LinkMark {
		const none = {mark: '', words: undefined};
		const url = words.trim() === '' ? undefined : parse(href);
		if (!url) return none;
		let number = this.#numbers.get(url.href);
		if (number === undefined) {
			if (this.addresses.length >= maxLinks) {
				this.isCut = true;
				return none;
			}
			this.addresses.push(url.href);
			number = this.addresses.length;
			this.#numbers.set(url.href, number);
		}
		const target = contradiction(url, words);
		if (target !== undefined) return {mark: ` [${number}: leads to ${target.slice(0, 100)}]`, words: undefined};
		const isOwnAddress = words.trim().length > maxShown && parse(words)?.href === url.href;
		// Glued to an address, the number would be copied with it.
		const gap = /(?:\/\/|www\.|@)\S*$/i.test(words.trim().slice(-500)) ? ' ' : '';
		return {mark: `${gap}[${number}]`, words: isOwnAddress ? `${url.origin}/…` : undefined};
	}
}
