/** A mistake on the command line, in a sentence: exit code 2. */
export class UsageProblem extends Error {}
