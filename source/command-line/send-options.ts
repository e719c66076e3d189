/**
 * `bonsai send`: the options of sendmail that programs use, and a few of our own. They are read apart from all others,
 * since sendmail's are not like those: `-oi`, `-fme@host`, words with a minus behind `--`. Pure. Throws a UsageProblem.
 */
import {UsageProblem} from './usage-problem.ts';

export type WantedSend = {
	readonly command: 'send';
	readonly account: string | undefined;
	/** `message`: one on the standard input. `queue`: all that wait. */
	readonly what: 'message' | 'queue';
	readonly recipients: readonly string[];
	readonly takesRecipients: boolean;
	/** Whether a dot alone on its line ends the message. */
	readonly endsAtDot: boolean;
	/** Instead of the sender in the header; '' is nobody, as for a bounce. */
	readonly from: string | undefined;
	/** Whether it is tried at once. */
	readonly mayWait: boolean;
	readonly isJson: boolean;
	readonly showsUsage: boolean;
};

const usageCode = 64;

/** Of no effect here: modes of delivery, of errors and of notification. */
const ignored = /^-(oi|oe.|od.|om|o7|o8|bm|bq?|v|n|U|Am|Ac|G|em|ee|ep|eq|ew|m|x)$/;
const ignoredWithWord = /^-(F|B|N|R|V|h|p|C|L|O)/;

export function readSend(words: readonly string[]): WantedSend {
	const wanted = {
		command: 'send' as const,
		account: undefined as string | undefined,
		what: 'message' as 'message' | 'queue',
		recipients: [] as string[],
		takesRecipients: false,
		endsAtDot: true,
		from: undefined as string | undefined,
		mayWait: true,
		isJson: false,
		showsUsage: false,
	};
	const rest = [...words];
	/** The word of an option that takes one, joined to it or behind it. */
	const wordOf = (option: string, joined: string): string => {
		const word = joined !== '' ? joined : rest.shift();
		if (word === undefined) throw new UsageProblem(`${option} wants a word behind it`, usageCode);
		return word;
	};
	while (rest.length > 0) {
		const word = rest.shift()!;
		if (word === '--') wanted.recipients.push(...rest.splice(0));
		else if (word === '-' || !word.startsWith('-')) wanted.recipients.push(word);
		else if (word.startsWith('--')) readLong(word);
		else readShort(word);
	}
	if (wanted.what === 'queue' && wanted.recipients.length > 0)
		throw new UsageProblem('-q sends what waits, and takes no recipients', usageCode);
	return wanted;

	function readLong(word: string): void {
		const [name = '', ...joined] = word.split('=');
		const value = joined.join('=');
		if (name === '--account') wanted.account = wordOf(name, value);
		else if (name === '--from') wanted.from = bare(wordOf(name, value));
		else if (word === '--json') wanted.isJson = true;
		else if (word === '--usage') wanted.showsUsage = true;
		else if (word === '--no-wait') wanted.mayWait = false;
		else throw new UsageProblem(`${word} is no option of bonsai send`, usageCode);
	}

	function readShort(word: string): void {
		const [option, joined] = [word.slice(0, 2), word.slice(2)];
		if (/^-[ti]+$/.test(word)) {
			if (word.includes('t')) wanted.takesRecipients = true;
			if (word.includes('i')) wanted.endsAtDot = false;
		} else if (word === '-oi') wanted.endsAtDot = false;
		else if (option === '-f' || option === '-r') wanted.from = bare(wordOf(option, joined));
		else if (option === '-a') wanted.account = wordOf(option, joined);
		else if (/^-q/.test(word)) wanted.what = 'queue';
		else if (ignoredWithWord.test(word)) wordOf(option, joined);
		else if (!ignored.test(word)) throw new UsageProblem(`${word} is no option of bonsai send`, usageCode);
	}
}

/** `<me@host>` and `<>`, as some programs write it. */
const bare = (address: string): string => address.replace(/^<(.*)>$/s, '$1');
