/**
 * Bytes from a terminal become keys.
 *
 * Laws: pure and incremental; what one packet splits or joins makes no difference; a sequence we do not know is
 * swallowed, never leaked as text (a mouse report must not delete mail); pasted text is one key and never commands;
 * what the terminal answers to our questions is handed over whole, and is never a key.
 * It owns no clock: whoever owns the terminal calls `flush` when nothing followed for a while, which is how
 * the Escape key is told from the beginning of an arrow. What comes later still and can only be the rest of what was
 * flushed is taken for that.
 */
import {isControlString, isPaste, longest, nextStep, pasteStart, type Step} from './key-sequences.ts';

export type Key = {
	/** `Up`, `PageDown`, `F1`, `Enter`, `Escape`, `Ctrl+x`, `Alt+x`, `Paste`, `Space`, else the character itself. */
	readonly name: string;
	/** What the key writes into a text: the character or what was pasted; '' for keys that write nothing. */
	readonly text: string;
};

type KeyDecoder = {
	write(bytes: Uint8Array): Key[];
	/** Nothing followed: what is pending is all there is. */
	flush(): Key[];
	/** Whether `flush` could make a difference. */
	readonly isPending: boolean;
};

type KeyDecoderOptions = {
	readonly isUtf8?: boolean;
	/** The terminal's answer as it came, one character an octet: `\x1b[?64;1;28c`, `\x1b[0n`, `\x1bP>|tmux 3.4\x1b\\`. */
	onReport?(report: string): void;
};

export function createKeyDecoder({isUtf8 = true, onReport}: KeyDecoderOptions = {}): KeyDecoder {
	let pending = '';
	/** The beginning of a sequence that `flush` gave up. */
	let givenUp = '';

	const take = (step: NonNullable<Step>, input: string): readonly Key[] => {
		if (step.isReport) onReport?.(input.slice(0, step.length));
		pending = input.slice(step.length);
		return step.keys;
	};
	const drain = (isAll: boolean): Key[] => {
		const keys: Key[] = [];
		while (pending !== '') {
			const step = nextStep(pending, isAll, isUtf8);
			if (!step) break;
			keys.push(...take(step, pending));
		}
		pending = shortened(pending);
		return keys;
	};
	/** What came late, if it is that; `undefined` while it may become it. */
	const late = (): readonly Key[] | undefined => {
		const whole = givenUp + pending;
		const step = nextStep(whole, false, isUtf8);
		if (!step && isFlushable(whole) && mayBecome(whole, givenUp)) return undefined;
		givenUp = '';
		if (step) return isRest(whole.slice(0, step.length), step) ? take(step, whole) : [];
		if (nobodyTypes(whole)) pending = whole;
		return [];
	};

	return {
		write(bytes) {
			pending += Buffer.from(bytes).toString('latin1');
			if (givenUp === '') return drain(false);
			const keys = late();
			return keys ? [...keys, ...drain(false)] : [];
		},
		flush() {
			const begun = pending;
			// It was nothing: what waited for it is read by itself.
			const before = givenUp === '' ? [] : drain(false);
			givenUp = '';
			if (!isFlushable(pending)) return before;
			if (pending === begun) givenUp = pending.startsWith('\x1b') ? pending : '';
			return [...before, ...drain(true)];
		},
		get isPending() {
			return isFlushable(pending) || (givenUp !== '' && pending !== '');
		},
	};
}

/**
 * Not flushed: half a paste; half a character; an answer under way, which nobody types and which must not become keys,
 * unless it ends in an ESC that may be the Escape key.
 */
function isFlushable(pending: string): boolean {
	if (!pending.startsWith('\x1b') || isPaste(pending) || isPrivate(pending) || /^\x1b[\x80-\xff]/.test(pending))
		return false;
	return !isControlString(pending) || pending.length === 2 || pending.endsWith('\x1b');
}

const isPrivate = (sequence: string): boolean => /^\x1b\[[<=>?]/.test(sequence);

/** The beginning of a paste, of an answer: more than a key and what was typed after it. */
const nobodyTypes = (beginning: string): boolean =>
	isPaste(beginning) || isPrivate(beginning) || /^\x1b(P[>01]|\]\d)/.test(beginning);

/** Whether more of it has to come. After Escape alone a `[` is a key like any other. */
const mayBecome = (whole: string, givenUp: string): boolean =>
	whole.length < longest.sequence && /^\x1b[[O]/.test(whole) && (givenUp.length > 1 || /^\x1b\[\d/.test(whole));

/** Whether it is a key (or its release), an answer, the mouse or focus, beyond doubt. */
function isRest(sequence: string, step: NonNullable<Step>): boolean {
	if (isControlString(sequence)) return step.isReport === true;
	if (/^\x1b\[(M...|<[\d;]+[Mm]|[IO]|\d[\d;:]*[A-HMP-SZu~^@])$/s.test(sequence)) return true;
	if (step.isReport) return /^\x1b\[[\d<=>?]/.test(sequence);
	return /^\x1b[[O]./.test(sequence) && step.keys.length > 0;
}

/** Of what is too long to be anything, as much as says so. */
function shortened(pending: string): string {
	const [beginning, length] = isPaste(pending)
		? [pasteStart, longest.paste]
		: [pending.slice(0, 2), isControlString(pending) ? longest.string : longest.sequence];
	const enough = beginning.length + length + 8;
	return pending.length <= enough ? pending : beginning + pending.slice(-(length + 8));
}
