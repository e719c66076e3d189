/**
 * A call as rows: what it would do or does, with what each costs; and what it comes to. Pure.
 *
 *     planned   INBOX: about 12 messages                              ~41k    ~13 s
 *     planned   Plans: from the beginning, about 5 messages          ~5.2k+    ~2 s+
 */
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import {type Call, type CallLine, callBytes, partsBesides} from '../source/model/call.ts';
import {countOf} from '../source/model/operation-words.ts';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import {fit, widthOf} from '../source/model/width.ts';
import {aloud, phrases} from './aloud.ts';
import {bytesOf, durationOf, sizeOf} from './format.ts';
import {ended, safe} from './safe.ts';

const stateColumns = 9;
const bytesColumns = 10;
const timeColumns = 9;

const roomOf = (columns: number): number => Math.max(10, columns - 2 - stateColumns - bytesColumns - timeColumns - 1);

function columnsOf(
	columns: number,
	[state, what, bytes, time]: readonly [SafeText, SafeText, SafeText, SafeText],
): SafeText {
	const room = roomOf(columns);
	const right = (text: SafeText, width: number): SafeText => fit(text, width, {align: 'right'});
	return fit(
		safe`${fit(state, stateColumns)} ${fit(what, room)}${right(bytes, bytesColumns)}${right(time, timeColumns)}`,
		columns - 1,
	);
}

export const callHeading = (columns: number): SafeText =>
	safe` ${columnsOf(columns, [ours('State'), ours('What'), ours('bytes'), ours('time')])}`;

export const stateOfLine = ({state, isStruck}: CallLine): SafeText => ours(isStruck ? 'left out' : state);

/** There is more than is said. */
const plus = ({hasUnknownParts}: CallLine): SafeText => ours(hasUnknownParts ? '+' : '');

const size = (line: CallLine): SafeText => safe`~${sizeOf(line.bytes)}${plus(line)}`;

const timeOf = (line: CallLine, bytesPerSecond: number | undefined): SafeText =>
	bytesPerSecond === undefined ? ours('') : safe`${durationOf(line.bytes / bytesPerSecond)}${plus(line)}`;

export const callLine = (line: CallLine, columns: number, bytesPerSecond: number | undefined): SafeText =>
	columnsOf(columns, [stateOfLine(line), line.sentence, size(line), timeOf(line, bytesPerSecond)]);

/** Whether its row has no room for all of it, such as why messages stay on the server. */
export const isCut = ({sentence}: CallLine, columns: number): boolean => widthOf(sentence) > roomOf(columns);

export const callAloud = (line: CallLine, bytesPerSecond: number | undefined): SafeText =>
	phrases(stateOfLine(line), line.sentence, callBytes(line), aloud(timeOf(line, bytesPerSecond)));

/** In the title. */
export function callState(call: Call | undefined): SafeText {
	switch (call?.state) {
		case undefined:
			return ours('');
		case 'asking':
			return ours('asking what changed');
		case 'planned':
			return ours('a plan');
		case 'going':
			return ours('under way');
		case 'done':
			return ours('done');
		case 'ended':
			return ours('ended early');
	}
}

/** Below the list: the price of all of it, then what it has cost, and why it ended. */
export function callNote(call: Call | undefined, keys: ScreenKeys, isOnStruck = false): SafeText {
	switch (call?.state) {
		case undefined:
			return safe`No call. ${keys.hint('look', 'plans one')}.`;
		case 'asking':
			return ours('Asking the server what has changed; nothing is sent or fetched before you say so.');
		case 'planned': {
			const time = call.seconds === undefined ? ours('') : safe`, ${durationOf(call.seconds)}`;
			const keysWords = keys.hints(
				['open', 'goes'],
				['mark', isOnStruck ? 'takes this line in' : 'leaves a line out'],
				['back', 'hangs up'],
			);
			return safe`In all about ${bytesOf(call.bytes)}${time}, with dialling${partsBesides(call)}. ${keysWords}.`;
		}
		case 'going':
			return safe`So far ${cameWords(call)}${spentWords(call)}. ${keys.hint('stopCall', 'stops it; what came is kept')}.`;
		case 'done':
			return call.because === ''
				? safe`Done: ${spentWords(call)}.`
				: safe`${ended(call.because)} It has cost ${spentWords(call)}. ${keys.hint('look', 'plans what is left')}.`;
		case 'ended':
			return safe`${ended(call.because)} It has cost ${spentWords(call)}; what came is kept. ${keys.hint('look', 'goes on from there')}.`;
	}
}

/** Of what is drained, and of what is brought to the server; it changes with what was spent, so that it costs the terminal no picture of its own. */
function cameWords({lines}: Call): SafeText {
	const counted = lines.filter(({messages, isStruck}) => messages !== undefined && !isStruck);
	const sum = (count: (line: CallLine) => number | undefined): number =>
		counted.reduce((all, line) => all + (count(line) ?? 0), 0);
	const messages = sum(line => line.messages);
	return messages === 0 ? ours('') : safe`${sum(({came}) => came)} of ${countOf(messages)}, `;
}

const spentWords = ({spent: {upBytes, downBytes, turns}}: Call): SafeText =>
	safe`${bytesOf(upBytes)} up, ${bytesOf(downBytes)} down, ${turns} round ${turns === 1 ? ours('trip') : ours('trips')}`;
