/**
 * The leaves of a message as mailparser sees them, which is what we see where a server's description cannot be read,
 * beside those the server sees. An attached message is a leaf to mailparser, or it sees through it; either is as good.
 */
import {MailParser} from 'mailparser';
import {isMessage, isMultipart, type Part} from '../../source/model/part.ts';

/** As much of mailparser's own tree as is looked at; it has no types for it. */
type Node = {readonly contentType?: string | false; readonly children: readonly Node[]};

const stalledAfterMs = 3000;

/** Where the two differ, both; else undefined. */
export async function structureDifference(
	root: Part,
	octets: Buffer,
): Promise<{readonly server: string; readonly own: string} | undefined> {
	const own = (await leavesByMailparser(octets)).join(' ');
	const closed = serverLeaves(root, false).join(' ');
	if (own === closed || own === serverLeaves(root, true).join(' ')) return undefined;
	return {server: closed, own};
}

function serverLeaves(part: Part, seesThrough: boolean): string[] {
	const isOpen = isMultipart(part) || (seesThrough && isMessage(part) && part.children.length > 0);
	if (isOpen) return part.children.flatMap(child => serverLeaves(child, seesThrough));
	return [`${part.type}/${part.subtype}`];
}

async function leavesByMailparser(octets: Buffer): Promise<readonly string[]> {
	const parser = new MailParser({
		skipHtmlToText: true,
		skipTextToHtml: true,
		skipImageLinks: true,
		skipTextLinks: true,
	});
	const ended = new Promise<void>(resolve => {
		parser.on('end', resolve);
		parser.on('error', () => resolve());
		parser.on('data', (each: {type: string; content?: NodeJS.ReadableStream; release?: () => void}) => {
			if (each.type !== 'attachment') return;
			each.content?.on('end', () => each.release?.());
			each.content?.resume();
		});
	});
	let watch: NodeJS.Timeout | undefined;
	const stalled = new Promise<void>(resolve => {
		watch = setTimeout(resolve, stalledAfterMs);
	});
	parser.end(octets);
	await Promise.race([ended, stalled]);
	clearTimeout(watch);
	const {tree} = parser as unknown as {readonly tree: Node | false};
	return tree ? leavesOf(tree) : [];
}

/** A multipart with nothing in it has no leaf. */
const leavesOf = ({contentType, children}: Node): string[] => {
	const type = String(contentType || 'text/plain').toLowerCase();
	const below = children.flatMap(leavesOf);
	return type.startsWith('multipart/') ? below : [type, ...below];
};
