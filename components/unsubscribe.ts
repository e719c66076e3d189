/**
 * Leaving the mailing list of a message: its fields are fetched, one question says what would go where, and then it goes: a
 * mail through the outbox, or one https request outside the mail line.
 */
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {fit, widthOf} from '../source/model/width.ts';
import type {Live} from '../source/session/live.ts';
import type {ListFields, Session} from '../source/session/session.ts';
import type {Leaving, OpenDraft, WayOut, Writing} from '../source/writing/writing.ts';
import {endOf} from './end-of.ts';
import {lackOf} from './link-words.ts';
import {emptyMemory} from './memory.ts';
import type {Program} from './places.ts';
import {safe} from './safe.ts';
import type {About} from './writing-commands.ts';

export type LeavingAround = {
	readonly session: Session;
	readonly program: Program;
	readonly writing: Writing | undefined;
	readonly columns: number;
};

/** Fields somebody waits for: who asks twice gets one question. */
const awaited = new WeakSet<Live<ListFields>>();

/** `word`: '' for the first way there is, `mail` or `web` for that. */
export function unsubscribe(around: LeavingAround, about: About, word: string): void {
	const {session, program, writing} = around;
	if (word !== '' && word !== 'mail' && word !== 'web')
		program.say(ours(':unsubscribe, :unsubscribe mail, or :unsubscribe web'));
	else if (writing === undefined) program.say(ours('nothing can be written here'));
	else {
		const message = session.message(about.id, about.part);
		const fields = message.ensureListFields();
		const arrived = (): boolean => {
			const now = fields.get();
			if (now.state === 'asking') return false;
			const from = message.summary.get()?.from ?? ours('');
			const said =
				now.state === 'failed' ? now.because : offer({...around, writing, about, word, from, header: now.header});
			if (said !== undefined) program.say(said);
			return true;
		};
		if (arrived()) return;
		program.say(lackOf(session.link.get(), program.keys) ?? ours('looking how one unsubscribes…'));
		if (awaited.has(fields)) return;
		awaited.add(fields);
		const stop = fields.subscribe(() => {
			if (!arrived()) return;
			awaited.delete(fields);
			stop();
		});
	}
}

type Offered = LeavingAround & {
	readonly writing: Writing;
	readonly about: About;
	readonly word: string;
	readonly from: SafeText;
	readonly header: Buffer;
};

/** Asks; or gives what is to be said instead. */
function offer(around: Offered): SafeText | undefined {
	const {program, writing, word, header, from, columns} = around;
	const leaving = writing.leaving(header);
	if ('problem' in leaving) return leaving.problem;
	const way = chosenWay(leaving, word, writing.whyNoSending === '');
	if (way === undefined) return safe`it offers no way to unsubscribe by ${ours(word === 'web' ? 'web' : 'mail')}`;
	if (way.by === 'page') return pageWords(way.url, columns);
	if (way.by === 'mail' && writing.whyNoSending !== '') return writing.whyNoSending;
	if (way.by === 'mail' && !way.isPlain) return write(around, way.url, look);
	program.ask({
		kind: 'yes-or-no',
		label: questionOf(way, leaving.list === '' ? from : leaving.list, columns),
		// It may come late, and a yes goes out into the world.
		isFirm: true,
		onYes() {
			if (way.by === 'one-click') {
				program.say(safe`asking ${safeLine(way.host)}…`);
				void writing.leaveByRequest(way).then(said => program.say(said));
			} else {
				const said = write(around, way.url, send);
				if (said !== undefined) program.say(said);
			}
		},
	});
	return undefined;
}

/** An address of which one sees only the beginning can be opened by nobody. */
function pageWords(url: string, columns: number): SafeText {
	const words = safe`open this in a browser to unsubscribe: ${safeLine(url)}`;
	if (widthOf(words) < columns) return words;
	return safe`it is left on a page: List-Unsubscribe among all headers has its address`;
}

type Further = (draft: OpenDraft, around: Offered) => SafeText | undefined;

function write(around: Offered, url: string, further: Further): SafeText | undefined {
	const {writing, about, header} = around;
	const draft = writing.begin({what: 'leave', mailbox: about.mailbox, header, url});
	return 'problem' in draft ? draft.problem : further(draft, around);
}

/** What says more than that one leaves is looked at before it goes. */
const look: Further = ({id}, {program, session}) => {
	program.open({screen: 'compose', memory: emptyMemory(), what: {kind: 'draft', id}}, session.account);
	return ours('the list wants more than the word: look at it, and send it to unsubscribe');
};

/** When it leaves, the session says. */
const send: Further = (draft, {program}) => {
	const stop = draft.sending.subscribe(() => {
		const sending = draft.sending.get();
		if (sending.state === 'queueing') return;
		stop();
		if (sending.state === 'failed') program.say(sending.because);
	});
	draft.send();
	return undefined;
};

/** Mail stays in the line one pays for; who has no way to send is asked for the other. */
function chosenWay({ways}: Leaving, word: string, maySend: boolean): WayOut | undefined {
	const isOf = ({by}: WayOut): boolean => word === '' || (by === 'mail') === (word === 'mail');
	const open = ways.filter(isOf);
	return open.find(({by}) => by !== 'mail' || maySend) ?? open[0];
}

const answers = widthOf(ours(' (y or n)'));
const nameRoom = 16;
const leastPlace = 20;

/** On one line. Of where it goes the end is always there, of the list what room is left. */
function questionOf(way: Exclude<WayOut, {by: 'page'}>, list: SafeText, columns: number): SafeText {
	const isMail = way.by === 'mail';
	const [by, after] = isMail
		? [ours(' by mail to '), ours('?')]
		: [ours(' by https to '), ours(', outside the mail line?')];
	const head = ours('Unsubscribe');
	const room = columns - answers - widthOf(safe`${head}${by}${after}`);
	const place = ending(safeLine(isMail ? way.to : way.host), Math.max(leastPlace, room - nameRoom));
	const left = room - widthOf(place) - widthOf(ours(' from '));
	const name = list === '' || left < 4 ? ours('') : safe` from ${widthOf(list) <= left ? list : fit(list, left)}`;
	return safe`${head}${name}${by}${place}${after}`;
}

/** One can see that it is not all. */
const ending = (text: SafeText, most: number): SafeText =>
	widthOf(text) <= most ? text : safe`…${endOf(text, most - 1)}`;
