/**
Address lists (From, To, Cc, Reply-To) → names and addresses (RFC 5322 §3.4, and §4.4 for what old mailers wrote).

Laws:
- Structure is read before encoded words are undone: a comma that comes out of one separates nothing.
- Never throws. What is no address comes back as a name without one, so that it is still seen.
- A name never passes for an address: `senderName` shows the address when the name looks like another one.

It must not judge whether an address exists or may be written to.
*/
import {type SafeText, safeLine} from '../model/safe-text.ts';
import {decodeWords} from './encoded-words.ts';

export type Address = {
	/** '' when the sender gave none. */
	readonly name: SafeText;
	/** `local@domain`; '' for a name alone and for an empty group. */
	readonly address: SafeText;
};

const encodedWord = /=\?[^?\s]+\?[bq]\?[^?]*\?=/iy;

/** What was collected of one address so far; `behind`: how much of the phrase stood before the angle. */
type Draft = {phrase: string; angle: string | undefined; behind: number; comment: string; hasQuotes: boolean};

const emptyDraft = (): Draft => ({phrase: '', angle: undefined, behind: 0, comment: '', hasQuotes: false});

/** Reads a comment with comments in it, or a quoted string, from its opening sign. Returns the content and where it ends. */
function readEnclosed(value: string, start: number, open: string, close: string): {content: string; end: number} {
	let content = '';
	let depth = 0;
	let index = start;
	for (; index < value.length; index++) {
		const character = value[index]!;
		if (character === '\\' && index + 1 < value.length) {
			content += value[++index];
		} else if (character === close && (open === close ? depth > 0 : depth === 1)) {
			return {content, end: index + 1};
		} else {
			if (character === open) depth++;
			else if (character === close) depth--;
			if (index > start) content += character;
		}
	}
	return {content, end: index};
}

function textOf(raw: string): SafeText {
	return safeLine(decodeWords(raw).replace(/\s+/g, ' ').trim());
}

/** `<@relay,@relay:user@host>` (obsolete route) and blanks around the dots and the at sign; those in quotes belong to the address. */
function addressOf(raw: string): SafeText {
	return safeLine(raw.replace(/^\s*@[^:]*:/, '').replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1'));
}

function finish({phrase, angle, comment, hasQuotes}: Draft): Address | undefined {
	const trimmed = phrase.trim();
	if (angle !== undefined) {
		const name = textOf(trimmed || comment);
		const address = addressOf(angle);
		return name === '' && address === '' ? undefined : {name, address};
	}
	if (trimmed === '') return comment === '' ? undefined : {name: textOf(comment), address: textOf('')};
	const hasAt = /[^\s@]\s*@\s*[^\s@]/.test(trimmed);
	const isAddress = hasAt && (hasQuotes || !/[^\s.@]\s+[^\s.@]/.test(trimmed));
	if (isAddress) return {name: textOf(comment), address: addressOf(trimmed)};
	return {name: textOf(trimmed), address: textOf('')};
}

/**
 * @param value A field's value, unfolded, encoded words not undone.
 * @param isTyped Somebody writes to them: an address behind another, where a comma was forgotten, is one of its own. In mail of
 * others nobody is taken for a sender who stands behind one.
 */
export function parseAddresses(value: string, {isTyped = false} = {}): Address[] {
	const addresses: Address[] = [];
	let draft = emptyDraft();
	let group: {name: string; from: number} | undefined;

	const finishAddress = () => {
		if (isTyped && draft.angle !== undefined && draft.phrase.includes('@', draft.behind)) finishBefore();
		const address = finish(draft);
		if (address) addresses.push(address);
		draft = emptyDraft();
	};
	/** What stands behind the angle begins another. */
	const finishBefore = () => {
		const {phrase, behind} = draft;
		const address = finish({...draft, phrase: phrase.slice(0, behind)});
		if (address) addresses.push(address);
		draft = {...emptyDraft(), phrase: phrase.slice(behind)};
	};
	const finishGroup = () => {
		// An empty group is all there is to see of "undisclosed-recipients:;".
		if (group && addresses.length === group.from) addresses.push({name: textOf(group.name), address: textOf('')});
		group = undefined;
	};

	for (let index = 0; index < value.length; ) {
		const character = value[index]!;
		encodedWord.lastIndex = index;
		const word = character === '=' ? encodedWord.exec(value)?.[0] : undefined;
		if (word !== undefined) {
			draft.phrase += word;
			index += word.length;
		} else if (character === '"') {
			const {content, end} = readEnclosed(value, index, '"', '"');
			// A quoted local part keeps its quotes, they belong to the address.
			const isLocalPart = value[end] === '@';
			draft.phrase += isLocalPart ? value.slice(index, end) : content;
			draft.hasQuotes ||= isLocalPart;
			index = end;
		} else if (character === '(') {
			const {content, end} = readEnclosed(value, index, '(', ')');
			draft.comment = content;
			index = end;
		} else if (character === '<') {
			const close = value.indexOf('>', index);
			const end = close === -1 ? value.length : close;
			if (isTyped && draft.angle !== undefined) finishBefore();
			if (draft.angle === undefined) draft.behind = draft.phrase.length;
			draft.angle ??= value.slice(index + 1, end).replace(/^[<\s]+/, '');
			index = end + 1;
			while (value[index] === '>') index++;
		} else if (character === ',' || character === ';') {
			finishAddress();
			if (character === ';') finishGroup();
			index++;
		} else if (character === ':' && group === undefined && draft.angle === undefined && !draft.phrase.includes('@')) {
			group = {name: draft.phrase.trim(), from: addresses.length};
			draft = emptyDraft();
			index++;
		} else {
			draft.phrase += character;
			index++;
		}
	}
	finishAddress();
	finishGroup();
	return addresses;
}

/** Who to name in a row: the name, unless there is none or it pretends to be an address that it is not. */
export function senderName(address: Address | undefined): SafeText {
	if (address === undefined) return textOf('');
	const {name, address: mailbox} = address;
	if (name === '') return mailbox;
	const isPretender = name.includes('@') && mailbox !== '' && !name.toLowerCase().includes(mailbox.toLowerCase());
	return isPretender ? mailbox : name;
}
