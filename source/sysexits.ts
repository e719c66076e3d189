/** Exit codes as programs expect them of sendmail (sysexits.h), and what ends a command with one. */
export const sysexits = {
	usage: 64,
	data: 65,
	noInput: 66,
	noUser: 67,
	unavailable: 69,
	cannotCreate: 73,
	unknown: 74,
	later: 75,
	denied: 77,
	config: 78,
};

/** What ends it at once. */
export class Refused extends Error {
	readonly code: number;
	constructor(code: number, sentence: string) {
		super(sentence);
		this.code = code;
	}
}
