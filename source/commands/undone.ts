import type {SafeText} from '../model/safe-text.ts';

/** What was asked for was refused or left undone, in a sentence ('' when there is nothing to say): exit code 1. */
export class Undone extends Error {
	readonly sentence: SafeText;

	constructor(sentence: SafeText) {
		super(sentence);
		this.sentence = sentence;
		this.name = 'Undone';
	}
}
