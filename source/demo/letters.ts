/**
 * Conversations: a topic, some people and a time give a thread of messages, each with its subject, references, quotes
 * and signature. Nothing is written before somebody looks.
 */
import type {Piece} from './bytes.ts';
import {compose, encodeWords, type Fields, type Mime, mailboxOf, text} from './compose.ts';
import {writeMessageDate} from './dates.ts';
import {me, type Person} from './people.ts';
import {type Random, random} from './random.ts';
import type {Topic} from './topics.ts';

/** A message of the demo mailbox before it is written. */
export type Planned = {
	readonly time: number;
	readonly flags: readonly string[];
	readonly write: () => readonly Piece[];
};

export type Letterhead = {
	readonly from: Person;
	readonly to: readonly Person[];
	readonly cc?: readonly Person[];
	readonly subject: string;
	readonly time: number;
	readonly id: string;
	/** Message-IDs of those before it in the thread. */
	readonly references?: readonly string[];
	readonly more?: Fields;
};

const list = (people: readonly Person[]): string =>
	people.map(person => mailboxOf(person.name, person.address)).join(', ');

const domainOf = (person: Person): string => person.address.slice(person.address.indexOf('@') + 1);

export const letter = (head: Letterhead, mime: Mime): readonly Piece[] => {
	const fields: (readonly [string, string])[] = [
		['Received', receivedFrom(head)],
		['Date', writeMessageDate(head.time)],
		['From', list([head.from])],
		['To', list(head.to)],
	];
	if (head.cc !== undefined && head.cc.length > 0) fields.push(['Cc', list(head.cc)]);
	fields.push(['Subject', encodeWords(head.subject)], ['Message-ID', `<${head.id}>`]);
	const references = head.references ?? [];
	if (references.length > 0) {
		fields.push(['In-Reply-To', `<${references.at(-1)}>`], ['References', references.map(id => `<${id}>`).join(' ')]);
	}
	return compose([...fields, ...(head.more ?? [])], mime);
};

const receivedFrom = (head: Letterhead): string =>
	`from mx.${domainOf(head.from)} by imap.aurelia.example with ESMTPS id ${head.id.slice(0, 12)}; ${writeMessageDate(head.time + 4000)}`;

export const wrap = (paragraph: string, width = 72): string => {
	const lines: string[] = [];
	let line = '';
	for (const word of paragraph.split(' ')) {
		if (line !== '' && line.length + word.length + 1 > width) {
			lines.push(line);
			line = '';
		}
		line = line === '' ? word : `${line} ${word}`;
	}
	return [...lines, line].join('\n');
};

/** As RFC 3676 wants it: a line that goes on ends in a space. */
export const flow = (paragraphs: readonly string[]): string =>
	paragraphs.map(paragraph => wrap(paragraph, 70).split('\n').join(' \n')).join('\n\n');

export const signature = (person: Person): string => `-- \n${person.name}\n${person.place}\n`;

export const firstName = (person: Person): string => person.name.replace('Dr. ', '').split(' ')[0]!;

type Thread = {
	readonly seed: number;
	readonly topic: Topic;
	readonly people: readonly Person[];
	readonly start: number;
	readonly count: number;
};

const hourMs = 3_600_000;

const writerAt = (thread: Thread, index: number): Person =>
	thread.people[(index * 7 + thread.seed + (index === 0 ? 0 : 1)) % thread.people.length]!;

const writers = (thread: Thread): Person[] => {
	const found: Person[] = [];
	for (let i = 0; i < thread.count; i++) {
		const next = writerAt(thread, i);
		// Nobody answers himself.
		found.push(next === found.at(-1) ? thread.people[(thread.people.indexOf(next) + 1) % thread.people.length]! : next);
	}
	return found;
};

const sentencesAt = (thread: Thread, index: number): string[] => {
	const chance = random(thread.seed * 131 + index);
	const bank = index === 0 ? thread.topic.sentences : [...thread.topic.answers, ...thread.topic.sentences.slice(2)];
	return chance.some(bank, index === 0 ? 3 + chance.below(3) : 1 + chance.below(3));
};

const idAt = (thread: Thread, index: number, writer: Person): string =>
	`${(thread.seed * 7919 + index * 104_729).toString(36)}.${index}@${domainOf(writer)}`;

const bodyAt = (thread: Thread, index: number, all: readonly Person[]): Mime => {
	const chance = random(thread.seed * 17 + index);
	const writer = all[index]!;
	const sentences = sentencesAt(thread, index);
	const paragraphs =
		sentences.length > 3 ? [sentences.slice(0, 2).join(' '), sentences.slice(2).join(' ')] : [sentences.join(' ')];
	const isFlowed = chance.isOneIn(3);
	const own = isFlowed ? flow(paragraphs) : paragraphs.map(paragraph => wrap(paragraph)).join('\n\n');
	const greeting = index === 0 ? `${chance.pick(['Dear all', 'Hello', 'Dear Robin', 'Good morning'])},\n\n` : '';
	let quoted = '';
	if (index > 0) {
		const before = wrap(sentencesAt(thread, index - 1).join(' '), 70);
		quoted = `${firstName(all[index - 1]!)} wrote:\n${before.replace(/^/gm, '> ')}\n\n`;
	}
	return text(`${quoted}${greeting}${own}\n\n${firstName(writer)}\n${signature(writer)}`, {isFlowed});
};

type PlannedThread = {readonly received: readonly Planned[]; readonly sent: readonly Planned[]};

/** What of a conversation came, and what of it the owner sent. */
export const planThread = (thread: Thread, isRead: (time: number) => boolean): PlannedThread => {
	const all = writers(thread);
	const ids = all.map((writer, index) => idAt(thread, index, writer));
	const chance = random(thread.seed);
	const received: Planned[] = [];
	const sent: Planned[] = [];
	let time = thread.start;
	all.forEach((writer, index) => {
		const head: Letterhead = {
			from: writer,
			to: writer === me ? [all[index - 1] ?? thread.people.find(person => person !== me)!] : [me],
			cc: thread.people.filter(person => person !== writer && person !== me).slice(0, 2),
			subject: `${index === 0 ? '' : 'Re: '}${thread.topic.subject}`,
			time,
			id: ids[index]!,
			references: ids.slice(0, index),
		};
		const write = () => letter(head, bodyAt(thread, index, all));
		if (writer === me) sent.push({time, flags: ['\\Seen'], write});
		else received.push({time, flags: flagsOf(chance, isRead(time), all[index + 1] === me), write});
		time += hourMs / 2 + chance.below(30 * hourMs);
	});
	return {received, sent};
};

const flagsOf = (chance: Random, isRead: boolean, isAnswered: boolean): string[] => {
	const flags: string[] = [];
	if (isRead || isAnswered) flags.push('\\Seen');
	if (isAnswered) flags.push('\\Answered');
	if (chance.isOneIn(14)) flags.push('\\Flagged');
	return flags;
};
