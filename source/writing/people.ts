/**
 * Whose addresses are known: those of mail that is here, of a vCard file, and of a command that the user names (as mutt's
 * query_command: a line of its own first, then `address TAB name` on each). Who one has written to comes first, then whoever
 * is met most often.
 *
 * Law: nothing is sent anywhere but to that command, and to it only what is typed, when it is asked for.
 */
import {execFile} from 'node:child_process';
import fs from 'node:fs';
import type {Address} from '../model/draft.ts';
import {ours, safeLine} from '../model/safe-text.ts';
import {live} from '../session/live.ts';
import {parseAddresses} from '../text/addresses.ts';
import {resolved} from './attached-file.ts';
import {peopleInVcards} from './vcards.ts';
import type {Found} from './writing.ts';

export type PeopleOptions = {
	/** Address fields of mail that is here in which that text is, the newest first. */
	readonly inMail: (text: string) => readonly {readonly from: string; readonly to: string; readonly cc: string}[];
	/** A vCard file; '' for none. */
	readonly addressBook: string;
	/** `%s` in it stands for what was typed; '' for none. */
	readonly queryCommand: string;
	/** Addresses of the user's own, in small letters: what they have written tells whom they write to. */
	readonly own: ReadonlySet<string>;
};

/** More than anybody looks through. */
const most = 50;
const patienceMs = 10_000;

const nobody: Found = {people: [], isAsking: false, because: ours('')};

export class People {
	readonly found = live<Found>(nobody);
	readonly #options: PeopleOptions;
	#asked = 0;

	constructor(options: PeopleOptions) {
		this.#options = options;
	}

	find(text: string): void {
		const wanted = text.trim();
		this.#asked += 1;
		if (wanted === '') {
			this.found.set(nobody);
			return;
		}
		const {queryCommand} = this.#options;
		const here = this.#here(wanted);
		this.found.set({people: here, isAsking: queryCommand !== '', because: ours('')});
		if (queryCommand !== '') this.#query(queryCommand, wanted, here, this.#asked);
	}

	#here(wanted: string): Address[] {
		const {inMail, own} = this.#options;
		const longest = wanted.split(/\s+/).reduce((a, b) => (b.length > a.length ? b : a));
		const met = inMail(longest).flatMap(({from, to, cc}) => {
			const isOwn = parseAddresses(from).some(each => own.has(key(each)));
			return [from, to, cc].flatMap(field => weighed(field, isOwn ? 100 : 1));
		});
		return merged([...ranked(met), ...this.#addressBook()], wanted, own);
	}

	#addressBook(): Address[] {
		const {addressBook} = this.#options;
		if (addressBook === '') return [];
		try {
			return peopleInVcards(fs.readFileSync(resolved(addressBook), 'utf8'));
		} catch (error) {
			this.found.set({...nobody, because: safeLine(`the address book cannot be read: ${(error as Error).message}`)});
			return [];
		}
	}

	#query(command: string, wanted: string, here: readonly Address[], asked: number): void {
		const line = command.includes('%s') ? command.replaceAll('%s', quoted(wanted)) : `${command} ${quoted(wanted)}`;
		execFile('/bin/sh', ['-c', line], {timeout: patienceMs, maxBuffer: 1024 * 1024}, (error, output) => {
			if (asked !== this.#asked) return;
			const found = readAnswer(output);
			// As mutt has it: a command that finds nobody may end with 1.
			const isBroken = error !== null && found.length === 0 && error.code !== 1;
			const because = isBroken ? safeLine(`${command} did not answer: ${error.message.split('\n')[0]}`) : ours('');
			this.found.set({people: unique([...here, ...found]).slice(0, most), isAsking: false, because});
		});
	}
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The first line is a word to the user. */
export const readAnswer = (output: string): Address[] =>
	output
		.split('\n')
		.slice(1)
		.flatMap(line => {
			const [address = '', name = ''] = line.split('\t').map(each => each.trim());
			return /^[^\s@<>]+@[^\s@<>]+$/.test(address) ? [{name: safeLine(name), address: safeLine(address)}] : [];
		});

type Weighed = Address & {readonly weight: number};

const weighed = (field: string, weight: number): Weighed[] =>
	parseAddresses(field)
		.filter(({address}) => address.includes('@'))
		.map(person => ({...person, weight}));

const key = ({address}: Address): string => address.toLowerCase();

/** By weight, and under the name that was seen first, which is the newest. */
function ranked(all: readonly Weighed[]): Address[] {
	const byAddress = new Map<string, Weighed>();
	for (const each of all) {
		const known = byAddress.get(key(each));
		const name = known?.name || each.name;
		byAddress.set(key(each), {...each, name, weight: (known?.weight ?? 0) + each.weight});
	}
	return [...byAddress.values()].sort((a, b) => b.weight - a.weight).map(({name, address}) => ({name, address}));
}

const unique = (all: readonly Address[]): Address[] =>
	[...new Map(all.toReversed().map(each => [key(each), each])).values()].reverse();

/** Without case and accents. */
const bare = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Each word that was typed begins a word of the name or of the address. */
export function isMeant({name, address}: Address, wanted: string): boolean {
	const words = bare(`${name} ${address} ${address.replaceAll(/[.@_+-]/g, ' ')}`).split(/\s+/);
	return bare(wanted)
		.split(/\s+/)
		.every(each => words.some(word => word.replace(/^["'(<]/, '').startsWith(each)));
}

const merged = (all: readonly Address[], wanted: string, own: ReadonlySet<string>): Address[] =>
	unique(all.filter(each => isMeant(each, wanted) && !own.has(key(each)))).slice(0, most);
