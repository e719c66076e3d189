import type {Modseq} from './remote.ts';

/** What a server gives as one; undefined of 0, which says that there is none (RFC 7162 §3.1.7), and of what is none. */
export const readModseq = (text: string | undefined): Modseq | undefined =>
	text !== undefined && /^[1-9]\d{0,18}$/.test(text) ? text : undefined;
