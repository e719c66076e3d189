/**
 * What the user may do about what a sentence says. The session says what that is; which key it takes, or which command
 * where there is no screen, is for those who show the sentence.
 */
export type Advice =
	| 'undo'
	| 'look'
	| 'decide-about-tagged'
	| 'see-parts'
	| 'more-text'
	| 'decrypt-openpgp'
	| 'decrypt-smime';
