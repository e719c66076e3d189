/**
 * Parts the user chose: into memory to be looked at, into a file, or through a command. One reader of chunks, two
 * places to keep them (a third, the cache, comes with the disconnected model).
 *
 * Laws: a file is never short and never overwritten unasked; it stands under its own name only when it is whole,
 * and beside it as `.part` until then; a name from a message never leaves the folder.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {MessageId, PartNumber} from '../model/ids.ts';
import type {Message, TextLine} from '../model/message.ts';
import type {Part} from '../model/part.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {Transfer} from '../model/transfer.ts';
import type {Section} from '../remote/remote.ts';
import type {Facts} from '../store/facts.ts';
import {safeFileName} from '../text/text.ts';
import {FileSink} from './file-sink.ts';
import {type LiveSource, live} from './live.ts';
import {decodeTransfer, type Readable, readText, wrapReadable} from './readable.ts';
import {runCommand} from './run-command.ts';
import {SectionReader, type Sink} from './section-reader.ts';
import type {PipeOutput, Tell} from './session.ts';
import type {Worker} from './worker.ts';

const content = (number: PartNumber): Section => ({part: number, of: 'content'});

export class Downloads {
	readonly transfers = live<readonly Transfer[]>([]);
	readonly #facts: Facts;
	readonly #worker: Worker;
	readonly #tell: Tell;
	readonly #keys = new Map<number, string>();
	/** Files that are being written. */
	readonly #sinks = new Map<number, FileSink>();
	readonly #readable = new Map<string, Readable>();
	#next = 1;

	constructor(facts: Facts, worker: Worker, tell: Tell) {
		this.#facts = facts;
		this.#worker = worker;
		this.#tell = tell;
	}

	/** Reads a section into memory. */
	reader(message: Message, section: Section, totalBytes: number | undefined): SectionReader {
		return new SectionReader(
			message,
			section,
			totalBytes,
			this.#memory(message.id, section),
			() => this.#worker.chunkBytes,
		);
	}

	#memory(id: MessageId, {part, of}: Section): Sink {
		const name = of === 'header' ? `${part}.header` : part;
		return {
			heldBytes: () => this.#facts.heldBytes(id, name),
			keep: (offset, octets) => this.#facts.learnChunk(id, name, offset, octets),
			octets: () => this.#facts.octets(id, name),
		};
	}

	/** Brings a part into memory. */
	fetch(message: Message, part: Part, onDone: () => void): void {
		const reader = this.reader(message, content(part.number), part.sizeBytes);
		this.#run(message, part, reader, '', async () => {
			await this.#makeReadable(message.id, part);
			onDone();
		});
	}

	/** A part that is here whole, as lines, when it is text. */
	lines(id: MessageId, part: Part, columns: number): readonly TextLine[] | undefined {
		if (part.type !== 'text') return undefined;
		const readable = this.#readable.get(`${id}:${part.number}`);
		if (readable) return wrapReadable(readable, columns);
		void this.#makeReadable(id, part).then(() => this.transfers.set([...this.transfers.get()]));
		return undefined;
	}

	async #makeReadable(id: MessageId, part: Part): Promise<void> {
		if (part.type !== 'text') return;
		this.#readable.set(`${id}:${part.number}`, await readText(part, this.#facts.octets(id, part.number), true));
	}

	suggestedFile(part: Part | undefined, number: PartNumber): string {
		const fallback = `part-${number || 'message'}${extensionOf(part)}`;
		return safeFileName(part?.name || fallback, fallback);
	}

	save(message: Message, part: Part, file: string, mayReplace: boolean): void {
		const named = path.resolve(file.replace(/^~(?=\/|$)/, process.env.HOME ?? '~'));
		const target = isFolder(named) ? path.join(named, this.suggestedFile(part, part.number)) : named;
		if (!mayReplace && fs.existsSync(target)) {
			this.#tell('problem', safeLine(`${target} is there already, and was left alone`));
			return;
		}
		let sink: FileSink;
		try {
			sink = new FileSink(target, part);
			const held = this.#facts.octets(message.id, part.number);
			if (held.length > 0) sink.keep(0, held);
		} catch (error) {
			this.#tell('problem', cannotSave(target, error));
			return;
		}
		const reader = new SectionReader(
			message,
			content(part.number),
			part.sizeBytes,
			sink,
			() => this.#worker.chunkBytes,
		);
		const id = this.#next;
		this.#sinks.set(id, sink);
		this.#run(message, part, reader, target, async () => {
			this.#sinks.delete(id);
			if (sink.heldBytes() < part.sizeBytes) {
				sink.close();
				throw new Error(`the server sent fewer octets than it announced; what came is in ${sink.partialFile}`);
			}
			sink.finish(mayReplace);
			this.#tell('done', safeLine(`Saved ${sink.writtenBytes} bytes to ${target}`));
		}).catch(error => this.#tell('problem', cannotSave(target, error)));
	}

	pipe(message: Message, part: Part, command: string, output: LiveSource<PipeOutput | undefined>): void {
		// What an earlier command printed is not this one's.
		output.set({command: safeLine(command), state: 'running', output: ours(''), exitCode: undefined});
		const reader = this.reader(message, content(part.number), part.sizeBytes);
		void this.#run(message, part, reader, '', async () => {
			const octets = this.#facts.octets(message.id, part.number);
			runCommand(command, part.number === '' ? octets : decodeTransfer(part, octets), output);
		});
	}

	cancel(id: number): void {
		const key = this.#keys.get(id);
		if (key !== undefined) this.#worker.unneed(key);
		this.#keys.delete(id);
		this.#sinks.get(id)?.abandon();
		this.#sinks.delete(id);
		this.transfers.set(this.transfers.get().filter(each => each.id !== id));
	}

	/** Runs a transfer and shows it. Rejects when what follows it (a file, a command) fails. */
	#run(message: Message, part: Part, reader: SectionReader, file: string, follow: () => Promise<void>): Promise<void> {
		const id = this.#next++;
		const show = (change: Partial<Transfer>): void => {
			this.transfers.set(this.transfers.get().map(each => (each.id === id ? {...each, ...change} : each)));
		};
		this.transfers.set([
			...this.transfers.get(),
			{
				id,
				message: message.id,
				part: part.number,
				name: part.name || ours(`${part.type}/${part.subtype}`),
				file: safeLine(file),
				state: 'waiting',
				heldBytes: reader.heldBytes,
				totalBytes: part.sizeBytes,
				because: ours(''),
			},
		]);
		reader.wish(part.sizeBytes);
		return new Promise((resolve, reject) => {
			const finish = () => {
				this.#keys.delete(id);
				follow().then(
					() => {
						show({state: 'done', heldBytes: reader.heldBytes});
						resolve();
					},
					error => {
						show({state: 'failed', because: safeLine((error as Error).message)});
						reject(error);
					},
				);
			};
			reader.onChange = () => show({state: 'coming', heldBytes: reader.heldBytes});
			if (reader.isSatisfied) {
				finish();
				return;
			}
			const need = reader.need('chosen', 'parts', finish, failure => {
				this.#keys.delete(id);
				this.#sinks.get(id)?.close();
				this.#sinks.delete(id);
				show({state: 'failed', because: failure.sentence});
				this.#tell('problem', failure.sentence);
			});
			const key = `${need.key}:${id}`;
			this.#keys.set(id, key);
			this.#worker.need({...need, key});
		});
	}
}

const isFolder = (file: string): boolean => fs.statSync(file, {throwIfNoEntry: false})?.isDirectory() === true;

const extensionOf = (part: Part | undefined): string => {
	if (part === undefined || part.type === 'message') return '.eml';
	if (part.type === 'text') return part.subtype === 'html' ? '.html' : '.txt';
	return /^[a-z0-9]{1,8}$/.test(part.subtype) ? `.${part.subtype}` : '.bin';
};

function cannotSave(file: string, error: unknown): SafeText {
	const {code, message} = error as NodeJS.ErrnoException;
	const why: Record<string, string> = {
		ENOSPC: 'the disk is full',
		EACCES: 'you may not write there',
		EROFS: 'the disk is read-only',
		ENOENT: 'the folder does not exist',
		ENOTDIR: 'the folder does not exist',
		EISDIR: 'it is a folder',
		EDQUOT: 'your share of the disk is full',
		EIO: 'the disk reports an error',
		EEXIST: 'a file of that name is there already',
		ENAMETOOLONG: 'the name is too long',
	};
	return safeLine(`${file} was not saved: ${why[code ?? ''] ?? message}. Choose another place with s`);
}
