/** A mistake on the command line, in a sentence. */
export class UsageProblem extends Error {
	/** 2, and 64 (EX_USAGE) where a program expects sendmail. */
	readonly exitCode: number;

	constructor(sentence: string, exitCode = 2) {
		super(sentence);
		this.exitCode = exitCode;
	}
}
