/**
 * What went wrong, named by what happens next. Made once, in remote/; above it a failure is state, not an exception.
 */
import type {SafeText} from './safe-text.ts';

/**
 * - `offline` the line: try again by itself, with back-off
 * - `busy` the server asks us to come later: try again later
 * - `denied` the password, the certificate, the settings: the user must do something first
 * - `gone` the message or mailbox is not there any more
 * - `refused` the server said NO to this one request
 * - `broken` the server said something that cannot be understood
 */
type FailureKind = 'offline' | 'busy' | 'denied' | 'gone' | 'refused' | 'broken';

export class Failure extends Error {
	readonly kind: FailureKind;
	/** A sentence for the screen: what happened, and what to do. */
	readonly sentence: SafeText;
	/** Why a server said NO, in its own word (RFC 5530): ALREADYEXISTS, NONEXISTENT, OVERQUOTA; undefined when it gave none. */
	readonly code: string | undefined;

	constructor(kind: FailureKind, sentence: SafeText, cause?: unknown, code?: string) {
		super(sentence, {cause});
		this.name = 'Failure';
		this.kind = kind;
		this.sentence = sentence;
		this.code = code;
	}
}
