/**
 * What the user may do about what a sentence says. The session says what that is; which key it takes, or which command
 * where there is no screen, is for those who show the sentence.
 */
export type Advice =
	| 'undo'
	/** What of mail was not sent, or is not known to be. */
	| 'outbox'
	| 'look'
	/** Of a mailbox whose flags the server does not keep for us. */
	| 'keep-state-here'
	| 'decide-about-tagged'
	| 'see-parts'
	| 'more-text'
	| 'decrypt-openpgp'
	| 'decrypt-smime';
