/**
 * What one types for a flag: `seen` and `\Seen` are the same; what is none of the server's own is a keyword, one's own or
 * a known one such as `$Forwarded` (RFC 9051 §2.3.2). Pure.
 */
import type {Flag} from './message.ts';

const systemFlags: Readonly<Record<string, Flag>> = {
	seen: '\\Seen',
	flagged: '\\Flagged',
	answered: '\\Answered',
	draft: '\\Draft',
	deleted: '\\Deleted',
};

/** A keyword is an atom (RFC 9051 §9, flag-keyword). */
const keyword = /^[^\s(){%*"\\\]\x00-\x1f\x7f-\uffff]+$/;

/** Undefined when it can be no flag. */
export const flagWord = (word: string): Flag | undefined =>
	systemFlags[word.replace(/^\\/, '').toLowerCase()] ?? (keyword.test(word) ? word : undefined);
