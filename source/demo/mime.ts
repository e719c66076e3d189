/**
 * The MIME structure of a message, with the offsets of every part (RFC 2045, RFC 2046), so that any section can be cut
 * out of the raw bytes. A part's tree is parsed once, when somebody first asks.
 *
 * Law: whatever the bytes, a tree comes out; broken mail gives an odd tree, never an exception.
 */
import {type Base64Run, type Bytes, joined, type Piece, type Skeleton, skeletonOf} from './bytes.ts';
import {type Field, type Parameter, parseFields, parseParameterized} from './header.ts';

export type Part = {
	readonly headerStart: number;
	readonly bodyStart: number;
	readonly end: number;
	readonly fields: readonly Field[];
	readonly type: string;
	readonly subtype: string;
	readonly parameters: readonly Parameter[];
	/** Absent when there is no such field or it could not be read. */
	readonly contentType: string | undefined;
	/** `leaf` has none; `multipart` has its parts; `message` has exactly one child: the message inside it. */
	readonly kind: 'leaf' | 'multipart' | 'message';
	readonly children: readonly Part[];
	readonly lineCount: number;
	/** The body, when it is a run that is computed as it is read. */
	readonly run: Base64Run | undefined;
};

/** A message as a server holds it. */
export type Message = {
	readonly bytes: Bytes;
	readonly root: Part;
};

const maximumDepth = 60;

export const messageOf = (pieces: readonly Piece[]): Message => {
	const bytes = joined(pieces);
	let root: Part | undefined;
	return {
		bytes,
		get root() {
			if (root === undefined) {
				const skeleton = skeletonOf(pieces);
				root = parsePart(skeleton, 0, skeleton.text.length, 'text/plain', 0);
			}
			return root;
		},
	};
};

/** A message from bytes as they are in a file or in an APPEND; bare line feeds become CRLF, as on the wire. */
export const rawMessage = (bytes: Uint8Array): Message => {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
	return messageOf([Buffer.from(text.replace(/(?<!\r)\n/g, '\r\n'), 'latin1')]);
};

const parsePart = (skeleton: Skeleton, start: number, end: number, defaultType: string, depth: number): Part => {
	const {text} = skeleton;
	const bodyStart = endOfHeader(text, start, end);
	const fields = parseFields(text.slice(start, bodyStart));
	const contentType = fields.find(field => field.name.toLowerCase() === 'content-type')?.value;
	const parsed = parseParameterized(contentType ?? '');
	const isReadable = /^[^\s/]+\/[^\s/]+$/.test(parsed.value);
	const [type, subtype] = (isReadable ? parsed.value : defaultType).split('/') as [string, string];
	const parameters = isReadable ? parsed.parameters : [];
	const boundary = parameters.find(([name]) => name.toLowerCase() === 'boundary')?.[1];
	const full = `${type}/${subtype}`.toLowerCase();

	let kind: Part['kind'] = 'leaf';
	let children: Part[] = [];
	if (full.startsWith('multipart/')) {
		kind = 'multipart';
		const inner = full === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
		if (depth < maximumDepth && boundary !== undefined && boundary !== '') {
			children = splitAt(text, bodyStart, end, boundary).map(([a, b]) => parsePart(skeleton, a, b, inner, depth + 1));
		}
	} else if (full === 'message/rfc822' && depth < maximumDepth) {
		kind = 'message';
		children = [parsePart(skeleton, bodyStart, end, 'text/plain', depth + 1)];
	}
	return {
		headerStart: skeleton.toReal(start),
		bodyStart: skeleton.toReal(bodyStart),
		end: skeleton.toReal(end),
		fields,
		type,
		subtype,
		parameters,
		contentType: isReadable ? contentType : undefined,
		kind,
		children,
		lineCount: countLineEnds(text, bodyStart, end) + skeleton.hiddenLineEnds(bodyStart, end),
		run: skeleton.runAt(bodyStart, end),
	};
};

/** After the empty line; when there is none, everything is header. */
const endOfHeader = (text: string, start: number, end: number): number => {
	let line = start;
	while (line < end) {
		const feed = text.indexOf('\n', line);
		const next = feed < 0 || feed >= end ? end : feed + 1;
		const content = text.slice(line, next);
		if (content === '\r\n' || content === '\n') return next;
		line = next;
	}
	return end;
};

/** From and to of each part between the boundary lines; a part ends before the line end that precedes a boundary. */
const splitAt = (text: string, start: number, end: number, boundary: string): [number, number][] => {
	const ranges: [number, number][] = [];
	const marker = `--${boundary}`;
	let open = -1;
	for (let at = text.indexOf(marker, start); at >= 0 && at < end; at = text.indexOf(marker, at + 1)) {
		if (at !== start && text[at - 1] !== '\n') continue;
		const feed = text.indexOf('\n', at);
		const lineEnd = feed < 0 || feed >= end ? end : feed + 1;
		const rest = text.slice(at + marker.length, lineEnd);
		if (!/^(--.*)?\s*$/s.test(rest)) continue;
		if (open >= 0) ranges.push([open, Math.max(open, beforeLineEnd(text, at))]);
		if (rest.startsWith('--')) return ranges;
		open = lineEnd;
	}
	if (open >= 0) ranges.push([open, end]);
	return ranges;
};

const beforeLineEnd = (text: string, at: number): number =>
	text[at - 1] !== '\n' ? at : text[at - 2] === '\r' ? at - 2 : at - 1;

const countLineEnds = (text: string, from: number, to: number): number => {
	let count = 0;
	for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
	return count;
};
