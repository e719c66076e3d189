/**
 * A file of the user's as a place for a part (part-file.ts does the writing): what is said when it begins, goes on, is
 * finished or fails.
 */
import {Failure} from '../model/failure.ts';
import type {Part} from '../model/part.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import type {ChunkForm} from '../remote/remote.ts';
import {type Destination, OtherOctets} from './download.ts';
import {PartFile, type PartFileOptions} from './part-file.ts';
import {asKept, cameShort, cannotGoOn} from './saving-words.ts';
import type {Tell} from './session.ts';

type FileDestinationOptions = PartFileOptions & {
	readonly part: Part;
	readonly mayReplace: boolean;
	/** What is in memory already, in that form; `isWhole` when that is all of it. */
	readonly seed: {readonly form: ChunkForm; readonly octets: Buffer; readonly isWhole: boolean} | undefined;
	readonly tell: Tell;
	readonly onSaved: (bytes: number) => void;
};

export class FileDestination implements Destination {
	readonly #options: FileDestinationOptions;
	#file: PartFile;
	#isSeededWhole = false;

	/** Throws what the file system throws. */
	constructor(options: FileDestinationOptions) {
		this.#options = options;
		const {seed, form} = options;
		this.#file = new PartFile({...options, form: seed?.form ?? form});
		this.#tellOfOthers();
		if (!seed || this.#file.resumedBytes > 0 || this.#file.form !== seed.form) return;
		if (seed.octets.length > 0) this.#file.keep(0, seed.octets);
		this.#isSeededWhole = seed.isWhole;
	}

	#tellOfOthers(): void {
		const {foreign, held, partialFile} = this.#file;
		const [first] = [...held, ...foreign];
		if (first === undefined) return;
		const whose = held.length > 0 ? 'Another Bonsai is at work on' : 'Of something else, and left alone:';
		this.#options.tell('problem', safeLine(`${whose} ${first}. What comes now is kept in ${partialFile}`));
	}

	get form(): ChunkForm {
		return this.#file.form;
	}

	get isWhole(): boolean {
		return this.#file.isWhole || this.#isSeededWhole;
	}

	heldBytes(): number {
		return this.#file.heldBytes();
	}

	roomBytes(): number {
		return this.#file.roomBytes();
	}

	octets(): Buffer {
		return this.#file.octets();
	}

	keep(offset: number, octets: Buffer): void {
		this.#file.keep(offset, octets);
	}

	/** Other octets than before: what came before stays where it is, under its name, and is gone on with no more. */
	async restart(form: ChunkForm, because: Failure | undefined): Promise<void> {
		this.#isSeededWhole = false;
		if (!(because instanceof OtherOctets)) return this.#file.restart(form);
		const {partialFile} = this.#file;
		await this.#file.disown();
		this.#file = new PartFile({...this.#options, form});
		const {target, tell} = this.#options;
		tell('problem', safeLine(`${because.sentence}: ${target} is fetched anew. What came before is in ${partialFile}`));
	}

	async finish(bytes: number): Promise<void> {
		const {part, target, mayReplace, tell, onSaved} = this.#options;
		const announced = part.sizeBytes;
		const hasAnnounced = announced > 0 || part.number !== '';
		if (this.form === 'as-sent' && hasAnnounced && bytes < announced && !this.isWhole) {
			throw new Failure('broken', cameShort(announced, bytes, this.#file.partialFile));
		}
		await this.#file.finish(mayReplace);
		const more =
			this.form === 'as-sent' && hasAnnounced && bytes > announced
				? `. The server announced ${announced} octets and had ${bytes}; all of them are in it`
				: '';
		tell('done', safeLine(`Saved ${this.#file.fileBytes} bytes to ${target}${more}`));
		onSaved(this.#file.fileBytes);
	}

	close(): Promise<void> {
		return this.#file.close();
	}

	abandon(): Promise<void> {
		return this.#file.abandon();
	}

	words(error: unknown): SafeText {
		const {partialFile} = this.#file;
		if (error instanceof Failure && error.sentence.includes(asKept(partialFile))) return error.sentence;
		return cannotGoOn(this.#options.target, partialFile, error);
	}
}
