/**
 * Parts the user chose: into memory to be looked at, into a file, to another program. The list of them, and what can be
 * decided about each. How one comes is in download.ts.
 *
 * Laws: a file is never short and never overwritten unasked; what was asked for is remembered until it is there, and
 * goes on after a restart; a name from a message never leaves the folder.
 */
import fs from 'node:fs';
import path from 'node:path';
import {type Price, priceOf} from '../model/budget.ts';
import {Failure} from '../model/failure.ts';
import type {MailboxPath, MessageId, PartNumber} from '../model/ids.ts';
import type {Message, TextLine} from '../model/message.ts';
import {type Part, travelBytes, travelsDecoded} from '../model/part.ts';
import type {PartOnServer} from '../model/piece.ts';
import {ours, safeLine} from '../model/safe-text.ts';
import {isUnderWay, type Transfer} from '../model/transfer.ts';
import type {Section} from '../remote/remote.ts';
import type {Facts} from '../store/facts.ts';
import type {WantedDownload, WantedState} from '../store/wanted-downloads.ts';
import {Download, type DownloadOptions} from './download.ts';
import {FileDestination} from './file-destination.ts';
import {HeldParts} from './held-parts.ts';
import {type LiveSource, live} from './live.ts';
import {memoryDestination} from './memory-destination.ts';
import {Opener} from './opener.ts';
import type {PartOrigin} from './part-sidecar.ts';
import {findPartial} from './partial-name.ts';
import {decodeTransfer} from './readable.ts';
import {RememberedDownloads} from './remembered-downloads.ts';
import {runCommand} from './run-command.ts';
import {freeName, isFolder, resolved, suggestedName, targetOf} from './save-target.ts';
import {cannotBegin} from './saving-words.ts';
import {SectionReader} from './section-reader.ts';
import type {PipeOutput, Tell} from './session.ts';
import {StreamDestination} from './stream-destination.ts';
import {TextParts} from './text-parts.ts';
import {formOf} from './travel.ts';
import type {Worker} from './worker.ts';

type DownloadsOptions = {
	readonly account: string;
	readonly facts: Facts;
	readonly worker: Worker;
	readonly tell: Tell;
	/** The account's own folder; undefined: nothing is remembered. */
	readonly folder: string | undefined;
	readonly openCommand: string;
	/** Where parts are saved unless told otherwise; '' for where the program was started. */
	readonly downloadFolder: string;
	readonly uidValidityOf: (mailbox: MailboxPath) => number | undefined;
};

/** Where a part is, and what of it may be in memory. */
type Source = {
	readonly at: DownloadOptions['at'];
	readonly uidValidity: number;
	readonly part: Part;
	readonly id: MessageId | undefined;
};

export class Downloads {
	readonly transfers = live<readonly Transfer[]>([]);
	readonly held: HeldParts;
	readonly #options: DownloadsOptions;
	readonly #texts: TextParts;
	readonly #opener: Opener;
	readonly #remembered: RememberedDownloads;
	readonly #downloads = new Map<number, Download>();
	readonly #sources = new Map<number, Source>();
	/** Given up, with something still to do on the disk. */
	readonly #leaving = new Set<Download>();
	#next = 1;

	constructor(options: DownloadsOptions) {
		this.#options = options;
		const {facts, worker, folder, openCommand, tell} = options;
		this.held = new HeldParts(facts, () => worker.link.get().hasBinary);
		this.#remembered = new RememberedDownloads(folder, tell);
		this.#texts = new TextParts(this.held, () => this.transfers.set([...this.transfers.get()]));
		this.#opener = new Opener(openCommand, tell);
	}

	/** Reads a section into memory, as it was sent. */
	reader({id, mailbox, uid}: Message, section: Section, totalBytes: number | undefined): SectionReader {
		return new SectionReader({
			at: {mailbox, uid},
			section,
			totalBytes,
			sink: this.held.sink(id, section, 'as-sent'),
			chunkBytes: () => this.#options.worker.line.chunkBytes,
		});
	}

	/** Brings a part into memory. */
	fetch(message: Message, part: Part, onDone: () => void): void {
		this.#toMemory(message, part, async () => {
			await this.#texts.make(message.id, part);
			onDone();
		});
	}

	/** Feeds a part to a command. */
	pipe(message: Message, part: Part, command: string, output: LiveSource<PipeOutput | undefined>): void {
		// What an earlier command printed is not this one's.
		output.set({command: safeLine(command), state: 'running', output: ours(''), exitCode: undefined});
		this.#toMemory(message, part, async () => {
			const held = this.held.asHeld(message.id, part);
			runCommand(command, part.number === '' ? held.octets : decodeTransfer(held.part, held.octets), output);
		});
	}

	#toMemory(message: Message, part: Part, follow: () => Promise<void>): void {
		const {tell} = this.#options;
		this.#begin(this.#source(message, part), {
			into: 'memory',
			file: '',
			open: () => memoryDestination({held: this.held, id: message.id, part, tell, follow}),
			notOpened: error => (error instanceof Failure ? error.sentence : safeLine((error as Error).message)),
		});
	}

	/** A part that is here whole, as lines, when it is text. */
	lines(id: MessageId, part: Part, columns: number): readonly TextLine[] | undefined {
		return this.#texts.lines(id, part, columns);
	}

	/** With its folder, where one is configured. */
	suggestedFile(part: Part | undefined, number: PartNumber): string {
		return path.join(this.#options.downloadFolder, suggestedName(part, number));
	}

	/** Returns the transfer; undefined when it was not begun, and a notice says why. */
	save(
		message: Message,
		part: Part,
		file: string,
		{mayReplace, isQuiet}: {readonly mayReplace: boolean; readonly isQuiet: boolean},
	): number | undefined {
		const target = targetOf(file, part);
		if (!mayReplace && fs.existsSync(target)) {
			this.#options.tell('problem', safeLine(`${target} is there already, and was left alone`));
			return undefined;
		}
		return this.#saveTo(this.#source(message, part), target, mayReplace, isQuiet);
	}

	/** What a draft has left on the server, as a file after all. */
	bring({mailbox, uid, uidValidity, ...at}: PartOnServer, mediaType: string, target: string): number | undefined {
		const [type = '', subtype = ''] = mediaType.split(/[/;\s]/);
		const part = partOf({...at, type, subtype, target});
		return this.#saveTo({at: {mailbox, uid}, uidValidity, part, id: undefined}, target, false, true);
	}

	/** What `bring` costs. Free. */
	priceToBring({encoding, sizeBytes}: PartOnServer): Price {
		const link = this.#options.worker.link.get();
		const isDecoded = travelsDecoded({encoding}, link.hasBinary);
		const octets = travelBytes({encoding, sizeBytes}, link.hasBinary);
		return priceOf([{octets, isDecoded, mayShrink: !isDecoded}], link);
	}

	/** Each under its own name, or the next that is free. */
	saveAll(message: Message, parts: readonly Part[], typed: string): void {
		const folder = resolved(typed);
		if (!isFolder(folder)) {
			this.#options.tell('problem', safeLine(`${folder} is no folder: nothing was saved. Make it, or name another`));
			return;
		}
		for (const part of parts) {
			const named = path.join(folder, suggestedName(part, part.number));
			const target = freeName(named, file => fs.existsSync(file) || this.#savingTo(file) !== undefined);
			this.#saveTo(this.#source(message, part), target, false);
		}
	}

	/** Gives a part to whoever takes it, as it comes. Returns the transfer. */
	stream(message: Message, part: Part, write: (octets: Buffer) => Promise<void>): number {
		const {worker} = this.#options;
		return this.#begin(this.#source(message, part), {
			into: 'memory',
			file: '',
			open: (onRoom, onFailure) =>
				new StreamDestination({
					part,
					form: formOf(part, worker.link.get().hasBinary),
					write,
					onRoom,
					onFailure,
				}),
			notOpened: error => safeLine((error as Error).message),
		});
	}

	/** Has another program open it. */
	open(message: Message, part: Part): void {
		let file: string;
		try {
			file = path.join(this.#opener.makeFolder(), suggestedName(part, part.number));
		} catch (error) {
			const {message: words} = error as Error;
			this.#options.tell('problem', error instanceof Failure ? error.sentence : safeLine(words));
			return;
		}
		this.#toFile(this.#source(message, part), file, {into: 'opener', mayReplace: false, row: undefined});
	}

	/** Has another program open what was saved. */
	openFile(id: number): void {
		const file = this.#downloads.get(id)?.file;
		try {
			if (file) this.#opener.open(file);
		} catch (error) {
			if (!(error instanceof Failure)) throw error;
			this.#options.tell('problem', error.sentence);
		}
	}

	#source({id, mailbox, uid}: Message, part: Part): Source {
		return {at: {mailbox, uid}, uidValidity: this.#options.uidValidityOf(mailbox) ?? 0, part, id};
	}

	#savingTo(target: string): Transfer | undefined {
		const id = [...this.#downloads].find(([, each]) => each.file === target && each.transfer.state !== 'done')?.[0];
		return this.transfers.get().find(each => each.id === id);
	}

	#saveTo(source: Source, target: string, mayReplace: boolean, isQuiet = false): number | undefined {
		const before = this.#savingTo(target);
		if (before !== undefined && before.state !== 'failed') {
			this.#options.tell('problem', safeLine(`${target} is on its way already: :downloads shows it`));
			return before.id;
		}
		if (before !== undefined) this.cancel(before.id);
		const {at, uidValidity, part} = source;
		const {number, type, subtype, encoding, sizeBytes} = part;
		const what = {...at, uidValidity, part: number, type, subtype, encoding, sizeBytes};
		const row = this.#remembered.add({...what, target, mayReplace, state: 'running'});
		return this.#toFile(source, target, {into: 'file', mayReplace, row, isQuiet});
	}

	#toFile(
		source: Source,
		target: string,
		{
			into,
			mayReplace,
			row,
			isQuiet = false,
		}: {into: 'file' | 'opener'; mayReplace: boolean; row: number | undefined; isQuiet?: boolean},
		state: WantedState = 'running',
	): number {
		const {tell, worker} = this.#options;
		const {part} = source;
		return this.#begin(
			source,
			{
				into,
				file: target,
				open: (onRoom, onFailure) =>
					new FileDestination({
						target,
						origin: this.#originOf(source),
						form: formOf(part, worker.link.get().hasBinary),
						part,
						mayReplace,
						seed: this.#seedOf(source),
						tell: into === 'opener' ? () => {} : isQuiet ? problemsTo(tell) : tell,
						onSaved: () => into === 'opener' && this.#opener.open(target),
						onRoom,
						onFailure,
					}),
				notOpened: error => cannotBegin(target, error),
			},
			{row, state},
		);
	}

	#originOf({at, uidValidity, part}: Source): PartOrigin {
		const {account} = this.#options;
		return {account, ...at, uidValidity, part: part.number, sizeBytes: part.sizeBytes, encoding: part.encoding};
	}

	/** What is in memory need not come again. */
	#seedOf({id, part}: Source) {
		if (id === undefined) return undefined;
		const {form, octets} = this.held.asHeld(id, part);
		return {form, octets, isWhole: this.held.isWhole(id, part)};
	}

	#begin(
		source: Source,
		how: Pick<DownloadOptions, 'into' | 'open' | 'notOpened'> & {readonly file: string},
		{row, state}: {readonly row?: number | undefined; readonly state?: WantedState} = {},
	): number {
		const id = this.#next++;
		if (row !== undefined) this.#remembered.isOf(id, row);
		this.#sources.set(id, source);
		const download = new Download({
			...how,
			id,
			at: source.at,
			part: source.part,
			worker: this.#options.worker,
			onChange: transfer => this.#show(transfer),
			onEnd: transfer => this.#ended(transfer),
		});
		this.#downloads.set(id, download);
		this.transfers.set([...this.transfers.get(), download.transfer]);
		if (state === 'paused') download.pause();
		else if (state === 'failed') download.failedBefore();
		else download.start();
		return id;
	}

	#show(transfer: Transfer): void {
		this.transfers.set(this.transfers.get().map(each => (each.id === transfer.id ? transfer : each)));
	}

	#ended({id, state, because}: Transfer): void {
		if (state === 'done') this.#remembered.forget(id);
		else this.#remembered.note(id, 'failed');
		if (state === 'failed') this.#options.tell('problem', because);
	}

	pause(id: number): void {
		this.#downloads.get(id)?.pause();
		this.#remembered.note(id, 'paused');
	}

	/** Goes on with what was paused or has failed. */
	resume(id: number): void {
		const download = this.#downloads.get(id);
		if (download === undefined || isUnderWay(download.transfer)) return;
		this.#remembered.note(id, 'running');
		download.start();
	}

	/** Forgets one, with what came of it, unless it had ended: then only the entry goes. */
	cancel(id: number): void {
		const download = this.#downloads.get(id);
		this.#downloads.delete(id);
		this.#sources.delete(id);
		this.#remembered.forget(id);
		this.transfers.set(this.transfers.get().filter(each => each.id !== id));
		if (download) this.#leaving.add(download);
		void download?.cancel().finally(() => this.#leaving.delete(download));
	}

	/** The mailbox was opened: under another UIDVALIDITY its UIDs are those of other messages. */
	selected(mailbox: MailboxPath, uidValidity: number): void {
		for (const [id, source] of this.#sources) {
			const download = this.#downloads.get(id);
			const isOther = source.at.mailbox === mailbox && source.uidValidity !== uidValidity;
			if (isOther && download?.transfer.state !== 'done') download?.fail(renumbered());
		}
	}

	/** What was wanted when the program ended is listed again, and goes on by itself if it did. */
	takeUp(): void {
		for (const row of this.#remembered.takeOver()) {
			const {mailbox, uid, uidValidity, target, mayReplace} = row;
			const source: Source = {at: {mailbox, uid}, uidValidity, part: partOf(row), id: undefined};
			const isHeld = findPartial(target, this.#originOf(source)).held.length > 0;
			this.#toFile(source, target, {into: 'file', mayReplace, row: row.id}, isHeld ? 'failed' : row.state);
		}
	}

	async settled(): Promise<void> {
		await Promise.all([...this.#downloads.values(), ...this.#leaving].map(each => each.idle()));
	}

	/** Parts that were chosen and are not here, and what of them has still to come, in octets. */
	get waiting(): {readonly count: number; readonly bytes: number} {
		const waiting = this.transfers.get().filter(isUnderWay);
		const bytes = waiting.reduce((sum, {totalBytes, heldBytes}) => sum + Math.max(0, totalBytes - heldBytes), 0);
		return {count: waiting.length, bytes};
	}

	get isBusy(): boolean {
		return [...this.#downloads.values(), ...this.#leaving].some(each => each.isBusy);
	}

	/** What came is on the disk, to be gone on with; what others opened is removed. */
	async close(): Promise<void> {
		await Promise.all([...this.#downloads.values()].map(each => each.close()));
		await Promise.all([...this.#leaving].map(each => each.idle()));
		this.#opener.close();
		this.#remembered.close();
	}
}

const renumbered = (): Failure =>
	new Failure(
		'gone',
		ours(
			'The server has renumbered this mailbox (UIDVALIDITY), so this part cannot be told from others any more. Save it anew from its message',
		),
	);

type NamedPart = Pick<WantedDownload, 'part' | 'type' | 'subtype' | 'encoding' | 'sizeBytes' | 'target'>;

function partOf({part, type, subtype, encoding, sizeBytes, target}: NamedPart): Part {
	return {
		number: part,
		type,
		subtype,
		parameters: {},
		encoding,
		sizeBytes,
		disposition: 'attachment',
		name: safeLine(path.basename(target)),
		description: ours(''),
		children: [],
		envelope: undefined,
	};
}

/** That it went well is seen elsewhere. */
const problemsTo =
	(tell: Tell): Tell =>
	(kind, ...said) => {
		if (kind === 'problem') tell(kind, ...said);
	};
