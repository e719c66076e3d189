/**
 * `bonsai save MAILBOX UID PART FILE`: a part into a file, going on with what an earlier save began; `-` gives it to
 * whoever reads standard output, as it comes.
 */
import {bytesOf, durationOf} from '../model/amounts.ts';
import type {PartNumber} from '../model/ids.ts';
import {findPart, isMultipart} from '../model/part.ts';
import {typeOf} from '../model/part-words.ts';
import {ours, safeLine} from '../model/safe-text.ts';
import type {Transfer} from '../model/transfer.ts';
import type {OpenMessage} from '../session/session.ts';
import {type Around, type MessageName, openNamed, whereOf} from './command.ts';
import {withoutKeys} from './notices.ts';
import {Undone} from './undone.ts';

type SaveOptions = MessageName & {
	/** '' for the whole message. */
	readonly part: PartNumber;
	readonly file: string;
	readonly mayReplace: boolean;
};

export async function save(around: Around, options: SaveOptions): Promise<void> {
	const {output, isJson} = around;
	const {part, file} = options;
	const message = await openNamed(around, options, {withText: false});
	refuseWhatIsNone(message, part);
	const isStream = file === '-';
	const id = isStream ? stream(around, message, part) : saveTo(around, message, options);
	const transfer = await finished(around, id, isStream);
	// Who takes the beginning of a stream and leaves (`| head`) knows it, and need not be told.
	if (transfer.state === 'failed') throw new Undone(output.isLeft() ? ours('') : withoutKeys(transfer.because));
	if (isStream) return;
	if (isJson) output.json({...whereOf(around, options), part: part === '' ? null : part, file: transfer.file});
	else output.lines([`Saved: ${transfer.file}`]);
}

function refuseWhatIsNone(message: OpenMessage, number: PartNumber): void {
	if (number === '') return;
	const {structure} = message.content.get();
	const part = structure && findPart(structure, number);
	if (part === undefined) throw new Undone(safeLine(`There is no part ${number}. bonsai parts lists them`));
	if (isMultipart(part))
		throw new Undone(
			safeLine(`Part ${number} is ${typeOf(part)}: save the parts in it one by one, or "message" for all`),
		);
}

const stream = ({session, output}: Around, message: OpenMessage, part: PartNumber): number | undefined =>
	session.stream(message.id, part, octets => output.raw(octets));

function saveTo({session}: Around, message: OpenMessage, {part, file, mayReplace}: SaveOptions): number {
	const id = message.save(part, file, {mayReplace});
	if (id !== undefined) return id;
	const because = session.notice.get()?.text ?? ours('It was not saved');
	throw new Undone(mayReplace ? because : safeLine(`${because}. --replace replaces it`));
}

async function finished(around: Around, id: number | undefined, isStream: boolean): Promise<Transfer> {
	const {session, line} = around;
	const find = (all: readonly Transfer[]) => all.find(each => each.id === id);
	const stop = watch(around, () => find(session.transfers.get()));
	try {
		const all = await line.arrived(session.transfers, transfers => {
			const state = find(transfers)?.state;
			return state === undefined || state === 'done' || state === 'failed';
		});
		const transfer = find(all);
		if (transfer === undefined) throw new Undone(ours('It was not saved'));
		return transfer;
	} catch (error) {
		if (!(error instanceof Undone) || isStream) throw error;
		throw new Undone(safeLine(`${error.message}. What came is kept: the same command goes on with it`));
	} finally {
		stop();
	}
}

/** A line for each tenth, to whoever watches; nothing moves. */
function watch({session, line, output}: Around, find: () => Transfer | undefined): () => void {
	let heldBytes = 0;
	let tenths = 0;
	return session.transfers.subscribe(() => {
		const transfer = find();
		if (transfer === undefined) return;
		if (transfer.heldBytes > heldBytes) line.advanced();
		heldBytes = transfer.heldBytes;
		const now = transfer.totalBytes > 0 ? Math.floor((10 * heldBytes) / transfer.totalBytes) : 0;
		if (now > tenths && now < 10 && output.isWatched) output.say(progressOf(transfer));
		tenths = Math.max(tenths, now);
	});
}

function progressOf({heldBytes, totalBytes, bytesPerSecond}: Transfer): string {
	const left = bytesPerSecond ? `, ${durationOf((totalBytes - heldBytes) / bytesPerSecond)} to go` : '';
	return `${bytesOf(heldBytes)} of ${bytesOf(totalBytes)}${left}`;
}
