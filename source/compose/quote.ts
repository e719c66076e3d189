/** What of a message stands in an answer to it, and what stands below. Pure. */
import type {Address} from '../model/draft.ts';
import {addressesOf, dateOf, type Original, subjectOf} from './original.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** In the writer's own zone: `2026-11-20 18:05`. Which day that is, no language says in another way. */
function moment(ms: number, zoneMinutes: number): string {
	const wall = new Date(ms + zoneMinutes * 60_000);
	const day = `${wall.getUTCFullYear()}-${two(wall.getUTCMonth() + 1)}-${two(wall.getUTCDate())}`;
	return `${day} ${two(wall.getUTCHours())}:${two(wall.getUTCMinutes())}`;
}

const spelled = ({name, address}: Address): string => (name === '' ? address : `${name} <${address}>`);

/** The text without the signature at its end, each line behind a `>`; marks that are there are closed up to it. */
export function quoted(text: string): string {
	const lines = text.replaceAll(/\r\n?/g, '\n').split('\n');
	const signature = lines.lastIndexOf('-- ');
	const kept = (signature === -1 ? lines : lines.slice(0, signature)).join('\n').replace(/^\n+|\s+$/g, '');
	if (kept === '') return '';
	return kept
		.split('\n')
		.map(line => (line === '' ? '>' : line.startsWith('>') ? `>${line}` : `> ${line}`))
		.join('\n');
}

/** Who is quoted, and what they wrote. */
export function quotation(original: Original, zoneMinutes: number): string {
	const [author] = addressesOf(original, 'from');
	const date = dateOf(original);
	const who = author === undefined ? 'Somebody' : author.name || author.address;
	const body = quoted(original.text);
	return `${who} wrote${date === undefined ? '' : ` on ${moment(date, zoneMinutes)}`}:\n${body === '' ? '' : `${body}\n`}`;
}

/** All of it, with what its header says, for somebody who was not there. */
export function forwarded(original: Original, zoneMinutes: number): string {
	const date = dateOf(original);
	const line = (name: string, value: string): string => (value === '' ? '' : `${name}: ${value}\n`);
	const people = (name: string): string => addressesOf(original, name).map(spelled).join(', ');
	return `---------- Forwarded message ----------\n${line('From', people('from'))}${line(
		'Date',
		date === undefined ? '' : moment(date, zoneMinutes),
	)}${line('Subject', subjectOf(original))}${line('To', people('to'))}${line('Cc', people('cc'))}\n${original.text.replaceAll(/\r\n?/g, '\n').replace(/\s+$/, '')}\n`;
}

/** Below the text, behind the line that says that it is one (RFC 3676 §4.3). '' has none. */
export function withSignature(text: string, signature: string): string {
	const own = signature
		.replaceAll(/\r\n?/g, '\n')
		.replace(/^-- ?\n/, '')
		.replace(/\s+$/, '');
	return own === '' ? text : `${text.replace(/\n*$/, '\n')}\n-- \n${own}\n`;
}
