/**
 * A call as rows: what it would do or does, with what each costs; and what it comes to. Pure.
 *
 *     planned   INBOX: about 12 messages                              ~41k    ~13 s
 *     planned   Plans: from the beginning, about 5 messages          ~5.2k+    ~2 s+
 */
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import {type Call, type CallLine, callBytes, partsBesides} from '../source/model/call.ts';
import type {AccountName} from '../source/model/ids.ts';
import {isAcross, type Operation} from '../source/model/operation.ts';
import {countOf} from '../source/model/operation-words.ts';
import {ours, type SafeText, safeJoin, safeLine} from '../source/model/safe-text.ts';
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

/** ` 26 messages wait for a call of work.` `isCalled`: of accounts that dial for nothing by themselves. */
export function elsewhereWords(
	operations: readonly Operation[],
	isCalled: (account: AccountName) => boolean,
): SafeText {
	const waiting = new Map<AccountName, number>();
	for (const {state, change, targets} of operations) {
		if (state !== 'waiting' || !isAcross(change) || !isCalled(change.to.account)) continue;
		const handed = targets.filter(target => target.state === 'handed' && !target.isRefused).length;
		if (handed > 0) waiting.set(change.to.account, handed + (waiting.get(change.to.account) ?? 0));
	}
	const words = [...waiting].map(
		([account, count]) =>
			safe` ${countOf(count)} ${count === 1 ? ours('waits') : ours('wait')} for a call of ${safeLine(account)}.`,
	);
	return safeJoin(words, ours(''));
}

type NoteAround = {
	readonly keys: ScreenKeys;
	/** Of the line under the cursor. */
	readonly isStruck?: boolean | undefined;
	readonly elsewhere?: SafeText;
};

/** Below the list: the price of all of it, then what it has cost, why it ended, and what waits elsewhere. */
export function callNote(call: Call | undefined, {keys, isStruck = false, elsewhere = ours('')}: NoteAround): SafeText {
	switch (call?.state) {
		case undefined:
			return safe`No call. ${keys.hint('look', 'plans one')}.`;
		case 'asking':
			return ours('Asking the server what has changed; nothing is sent or fetched before you say so.');
		case 'planned': {
			const time = call.seconds === undefined ? ours('') : safe`, ${durationOf(call.seconds)}`;
			const keysWords = keys.hints(
				['open', 'goes'],
				['mark', isStruck ? 'takes this line in' : 'leaves a line out'],
				['back', 'hangs up'],
			);
			return safe`In all about ${bytesOf(call.bytes)}${time}, with dialling${partsBesides(call)}. ${keysWords}.`;
		}
		case 'going':
			return safe`So far ${cameWords(call)}${spentWords(call)}. ${keys.hint('stopCall', 'stops it; what came is kept')}.`;
		case 'done':
			return call.because === ''
				? safe`Done: ${spentWords(call)}.${elsewhere}`
				: safe`${ended(call.because)} It has cost ${spentWords(call)}.${elsewhere}${leftWords(call, keys)}`;
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

/** What was refused is in the outbox, and in no plan. */
const leftWords = ({lines}: Call, keys: ScreenKeys): SafeText =>
	lines.some(({kind, state}) => state === 'failed' && kind !== 'send' && kind !== 'drafts')
		? safe` ${keys.hint('look', 'plans what is left')}.`
		: ours('');
