/** `bonsai parts MAILBOX UID`: the tree of parts, with what each would cost. */
import {shortPriceWords, sizeOf} from '../model/amounts.ts';
import {isMultipart, type Part} from '../model/part.ts';
import {partName, typeOf} from '../model/part-words.ts';
import {ours} from '../model/safe-text.ts';
import type {OpenMessage} from '../session/session.ts';
import {type Around, type MessageName, openNamed, whereOf} from './command.ts';
import {numberOf, partJson} from './json.ts';
import {table} from './table.ts';
import {Undone} from './undone.ts';

export async function parts(around: Around, name: MessageName): Promise<void> {
	const {output, isJson} = around;
	const message = await openNamed(around, name, {withText: false});
	const {structure} = message.content.get();
	const rows = structure === undefined ? undefined : [...inOrder(structure, 0)];
	if (isJson) {
		const all = rows?.map(({part, depth}) => partJson(part, depth, message.price([part.number])));
		output.json({...whereOf(around, name), parts: all ?? null});
	} else if (rows !== undefined) output.lines(partLines(rows, message, output));
	if (rows === undefined)
		throw new Undone(ours('The server cannot describe this message. bonsai read shows it as it was sent'));
}

export type PartRow = {readonly part: Part; readonly depth: number};

function* inOrder(part: Part, depth: number): Generator<PartRow> {
	yield {part, depth};
	for (const child of part.children) yield* inOrder(child, depth + 1);
}

/** Number, type, size, price, name. For a person a part stands to the right of the one it is in. */
export function partLines(
	rows: readonly PartRow[],
	message: Pick<OpenMessage, 'price'>,
	look: {readonly isTerminal: boolean},
): string[] {
	const fields = rows.map(({part, depth}) => {
		const cost = message.price([part.number]);
		const [size, costs] = look.isTerminal
			? [sizeOf(part.sizeBytes), shortPriceWords(cost)]
			: [String(part.sizeBytes), String(cost.bytes)];
		const hasSize = !isMultipart(part);
		const indent = look.isTerminal ? '  '.repeat(depth) : '';
		return [numberOf(part), indent + typeOf(part), hasSize ? size : '', hasSize ? costs : '', partName(part)];
	});
	return table(fields, [{}, {}, {align: 'right'}, {align: 'right'}, {}], look);
}
