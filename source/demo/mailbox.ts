/**
 * The demo mailbox: about two thousand messages in a dozen mailboxes, the same at every start.
 *
 * Law: building it plans messages and writes none; each is written when somebody first looks at it. The clock stands
 * still: the newest message came at `demoNow`.
 */

import {text} from './compose.ts';
import {foreignLetters, japaneseLetters, planForeign} from './foreign.ts';
import {attacks, planAttack} from './hostile.ts';
import {letter, type Planned, planThread, signature, wrap} from './letters.ts';
import type {NamedMailbox} from './mailbox-list.ts';
import {type Letter, MailboxState} from './mailbox-state.ts';
import {lists, planListMessage} from './mailing-lists.ts';
import {messageOf} from './mime.ts';
import {newsletters, planNewsletter} from './newsletters.ts';
import {notices, planNotice} from './notices.ts';
import {aboard, atHome, atInstitute, atStation, me, type Person, ship} from './people.ts';
import {type Random, random} from './random.ts';
import {encrypted, signed} from './sealed-mail.ts';
import {shopWindow} from './shop-window.ts';
import {file, withFiles} from './specimens.ts';
import {privateTopics, settled, workTopics} from './topics.ts';
import type {Range} from './uid-runs.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Friday 20 November 2026, 18:05 UTC. */
export const demoNow = Date.UTC(2026, 10, 20, 18, 5);

const inboxCount = 1200;
const inboxStart = Date.UTC(2025, 0, 7, 8);
const windowStart = demoNow - 56 * hourMs;
const seen = ['\\Seen'];

/** What is older than two weeks was read, but for a few. */
const isRead = (time: number): boolean => demoNow - time > 14 * dayMs || Math.floor(time / 60_000) % 3 > 0;
const flagsFor = (time: number, chance: Random): string[] =>
	isRead(time) && !chance.isOneIn(25) ? (chance.isOneIn(20) ? ['\\Seen', '\\Flagged'] : ['\\Seen']) : [];

const planThreads = (chance: Random): {received: Planned[]; sent: Planned[]} => {
	const received: Planned[] = [];
	const sent: Planned[] = [];
	for (let seed = 0; received.length < 790; seed++) {
		const isPrivate = seed % 4 === 3;
		const circle = isPrivate ? atHome : chance.pick([aboard, aboard, atStation, atInstitute]);
		const start = inboxStart + Math.floor(((windowStart - inboxStart) * seed) / 345);
		const thread = {
			seed: seed + 11,
			topic: settled(chance.pick(isPrivate ? privateTopics : workTopics), seed),
			people: [me, ...chance.some(circle, 3)],
			start,
			count: 1 + chance.below(7),
		};
		const planned = planThread(thread, isRead);
		received.push(...planned.received);
		sent.push(...planned.sent);
	}
	return {received, sent};
};

const sentence = (chance: Random): string => wrap(settled(chance.pick(workTopics), 5).sentences.slice(0, 2).join(' '));

const planOthers = (chance: Random, count: number): Planned[] => {
	const planned: Planned[] = [];
	for (let n = 0; n < count; n++) {
		const time = inboxStart + Math.floor(((windowStart - inboxStart) * (n + 0.5)) / count) + chance.below(hourMs);
		const flags = flagsFor(time, chance);
		const kind = n % 12;
		const from = chance.pick([...aboard, ...atStation, ...atInstitute]);
		if (kind < 4) planned.push(planNewsletter(chance.pick(newsletters), 700 + n, time, chance, flags));
		else if (kind < 7) planned.push(planNotice(notices[n % notices.length]!, 1000 + n * 13, time, flags));
		else if (kind < 9) planned.push(planForeign(chance.pick([...foreignLetters, ...japaneseLetters]), time, flags));
		else if (kind === 9) planned.push(withAttachments(from, n, time, flags, chance));
		else if (kind === 10) {
			const write = signed(from, settled(chance.pick(workTopics), n).subject, sentence(chance));
			planned.push({time, flags, write: () => write(time)});
		} else if (n % 24 === 11) planned.push({time, flags, write: () => encrypted(from)(time)});
		else planned.push(planAttack(attacks[Math.floor(n / 24) % attacks.length]!, time, flags));
	}
	return planned;
};

const withAttachments = (from: Person, n: number, time: number, flags: readonly string[], chance: Random): Planned => {
	const sizeBytes = 4000 + chance.below(30) * chance.below(30) * chance.below(9000);
	const kind = chance.pick(['pdf', 'jpeg', 'zip'] as const);
	const topic = settled(chance.pick(workTopics), n);
	const name = `${topic.subject.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${n}.${kind === 'jpeg' ? 'jpg' : kind}`;
	const write = withFiles(from, topic.subject, sentence(chance), [file(kind, name, sizeBytes)]);
	return {time, flags, write: () => write(time)};
};

const planInbox = (threads: readonly Planned[], chance: Random): Planned[] => {
	const newest = shopWindow(demoNow);
	const older = threads.filter(planned => planned.time < windowStart);
	const others = planOthers(chance, inboxCount - newest.length - older.length);
	return [...older, ...others, ...newest];
};

const planList = (name: keyof typeof lists, count: number, seed: number): Planned[] => {
	const chance = random(seed);
	const planned: Planned[] = [];
	for (let thread = 0; planned.length < count; thread++) {
		let time = demoNow - 300 * dayMs + Math.floor((thread * 300 * dayMs * 4.2) / count);
		const length = 1 + chance.below(8);
		for (let index = 0; index < length && planned.length < count; index++) {
			time = Math.min(time + chance.below(20 * hourMs), demoNow - hourMs * (count - planned.length));
			planned.push(planListMessage(lists[name]!, thread, index, time, chance, isRead(time) ? seen : []));
		}
	}
	return planned;
};

const logEntry = (day: number): Planned => {
	const chance = random(5000 + day);
	const time = demoNow - (90 - day) * dayMs - 6 * hourMs;
	const latitude = (54 + day * 0.19).toFixed(2);
	const air = 6 - Math.floor(day / 4) - chance.below(5);
	const body = [
		`Noon position  ${latitude} S  ${(12 + day * 0.31).toFixed(2)} W`,
		`Distance run   ${140 + chance.below(90)} nm`,
		`Wind           ${chance.pick(['SW', 'W', 'SE', 'NW', 'variable'])} ${chance.below(9)} Bft`,
		`Sea, ice       ${day < 40 ? `${chance.below(6)} m swell` : `${chance.below(10)}/10 ice`}`,
		`Air, water     ${air} C, ${Math.max(-1.8, 7 - day / 8).toFixed(1)} C`,
		`Fuel           ${(412 - day * 3.9).toFixed(1)} t`,
		'',
		wrap(settled(chance.pick(workTopics), day).sentences[0]!),
	].join('\n');
	return {
		time,
		flags: day > 86 ? [] : seen,
		write: () =>
			letter(
				{
					from: ship.captain,
					to: [{name: 'Ship log', address: 'log@aurelia.example', place: ''}],
					subject: `Ship log, day ${day}`,
					time,
					id: `log-${day}@aurelia.example`,
				},
				text(`${body}\n${signature(ship.captain)}`),
			),
	};
};

const drafts: readonly (readonly [subject: string, to: Person, body: string])[] = [
	['Re: Draft of the methods section', atInstitute[0]!, 'Dear Haruka,\n\nI have read it twice and'],
	['Winter', atHome[0]!, 'Dear Mother,\n\nit is difficult to say how quiet'],
	['', atStation[0]!, ''],
];

const planDraft = (index: number): Planned => {
	const [subject, to, body] = drafts[index % drafts.length]!;
	const time = demoNow - (index + 1) * 31 * hourMs;
	const write = () => letter({from: me, to: [to], subject, time, id: `draft-${index}@aurelia.example`}, text(body));
	return {time, flags: ['\\Draft', '\\Seen'], write};
};

/** UIDs leave gaps, as in a mailbox that is lived in. */
const withGaps = (count: number): Range[] => {
	const ranges: Range[] = [];
	let next = 1;
	for (let left = count, block = 0; left > 0; block++) {
		const size = Math.min(left, 23 + ((block * 17) % 61));
		ranges.push([next, next + size - 1]);
		next += size + 1 + (block % 3);
		left -= size;
	}
	return ranges;
};

const stateOf = (plans: readonly Planned[], uidValidity: number): MailboxState => {
	const sorted = [...plans].sort((a, b) => a.time - b.time);
	const uids = withGaps(sorted.length);
	const indexOf = new Map<number, number>();
	for (const [from, to] of uids) for (let uid = from; uid <= to; uid++) indexOf.set(uid, indexOf.size);
	const letters = new Map<number, Letter>();
	const planOf = (uid: number): Planned => sorted[indexOf.get(uid)!]!;
	return new MailboxState(uidValidity, {
		uids,
		letterAt(uid) {
			let known = letters.get(uid);
			if (known === undefined) {
				const plan = planOf(uid);
				known = {message: messageOf(plan.write()), internalDate: plan.time};
				letters.set(uid, known);
			}
			return known;
		},
		flagsAt: uid => planOf(uid).flags,
	});
};

const firstUidValidity = 1_733_000_100;

/** The factory: a new set of mailboxes at each call, always the same. */
export const demoMailboxes = (): NamedMailbox[] => {
	const chance = random(1733);
	const threads = planThreads(chance);
	const archived = planOthers(random(44), 300).map(planned => ({
		...planned,
		time: planned.time - 400 * dayMs,
		flags: seen,
	}));
	const japanese = Array.from({length: 14}, (_, n) =>
		planForeign(japaneseLetters[n % japaneseLetters.length]!, demoNow - (15 - n) * 9 * dayMs, n > 11 ? [] : seen),
	);
	const junk = Array.from({length: 40}, (_, n) =>
		planAttack(attacks[n % attacks.length]!, demoNow - (41 - n) * 17 * hourMs, n > 30 ? [] : ['\\Seen', '$Junk']),
	);
	const trash = planOthers(random(45), 30).map(planned => ({...planned, flags: seen}));
	const plans: readonly (readonly [name: string, plans: readonly Planned[], use?: string])[] = [
		['INBOX', planInbox(threads.received, chance)],
		['Archive', archived, '\\Archive'],
		['Drafts', [0, 1, 2].map(planDraft), '\\Drafts'],
		['Junk', junk, '\\Junk'],
		['Lists/imap-protocol', planList('imap-protocol', 110, 71)],
		['Lists/ink', planList('ink', 90, 72)],
		['Privat/Entwürfe', [3, 4].map(planDraft)],
		['Sent', threads.sent.filter(planned => planned.time < demoNow), '\\Sent'],
		['Trash', trash, '\\Trash'],
		['Travel/Ship log', Array.from({length: 89}, (_, day) => logEntry(day + 1))],
		['日本', japanese],
	];
	return plans.map(([name, planned, specialUse], index) => ({
		name,
		state: stateOf(planned, firstUidValidity + index),
		...(specialUse === undefined ? {} : {specialUse}),
	}));
};
