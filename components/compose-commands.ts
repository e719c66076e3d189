/**
 * What one does to a draft: change a field, attach, send, leave it, throw it away. Sending asks about what may have been
 * forgotten; what cannot be sent says why.
 */
import type {Attachment, Draft} from '../source/model/draft.ts';
import {partNumber} from '../source/model/ids.ts';
import {ours, type SafeText, safeJoin, safeLine} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import type {OpenDraft, Writing} from '../source/writing/writing.ts';
import {emptied, type Field} from './compose-fields.ts';
import {dateOf} from './format.ts';
import {momentOf} from './later.ts';
import type {Program} from './places.ts';
import {spend} from './price-question.ts';
import {safe} from './safe.ts';
import type {Handlers} from './use-commands.ts';

type Around = {
	readonly session: Session;
	readonly draft: OpenDraft;
	readonly writing: Writing;
	readonly program: Program;
	readonly clock: () => number;
	/** The field under the cursor. */
	readonly current: Field;
	edit(field: Field): void;
	editText(): void;
	moveTo(field: Field): void;
};

export function draftCommands(around: Around): Handlers {
	const {draft, program, current, edit, editText} = around;
	const {resends, headers} = draft.draft.get();
	const isWhole = resends !== undefined;
	const only = (work: () => void): (() => void) =>
		isWhole ? () => program.say(ours('it is sent on as it is: only to whom can be changed')) : work;
	return {
		open: () => {
			if (current.field === 'text') only(editText)();
			// It is made from the invitation, and says what that needs.
			else if (current.field === 'alternative')
				program.say(safe`it is what the organiser’s calendar reads${leaveIt(program)}`);
			else edit(current);
		},
		editText: only(editText),
		editTo: () => edit({field: 'to'}),
		editCc: () => edit({field: 'cc'}),
		editBcc: () => edit({field: 'bcc'}),
		editSubject: only(() => edit({field: 'subject'})),
		editReplyTo: only(() => edit({field: 'replyTo'})),
		addHeader: text => (isWhole ? only(() => {})() : addHeader(around, text, headers.length)),
		writeAs: () => writeAs(around),
		attach: file => (isWhole ? only(() => {})() : attach(around, file)),
		detach: detachOf(around),
		bring: bringOf(around),
		sendDraft: () => send(around),
		sendLater: text => sendLater(around, text),
		discard: () =>
			draft.isTouched
				? program.ask({
						kind: 'yes-or-no',
						label: ours('Throw this draft away for good?'),
						onYes() {
							const {attachments} = draft.draft.get();
							const problem = draft.discard();
							if (problem !== undefined) return program.say(problem);
							cancelArrivals(around, attachments);
							program.say(ours('the draft is thrown away'));
							program.back();
						},
					})
				: program.back(),
		back: () => leave(around),
	};
}

const leaveIt = ({keys}: Program): SafeText => {
	const hint = keys.hint('detach', 'leaves it out');
	return hint === '' ? hint : safe`; ${hint}`;
};

function leave({draft, program, session}: Around): void {
	const before = session.notice.get();
	const isKept = draft.leave();
	// What it would cost to have it on the server is worth more.
	const isSaid = session.notice.get() !== before;
	if (isKept && !isSaid) program.say(ours('kept as a draft: :drafts lists them'));
	else if (!isKept && draft.isTouched) {
		program.say(draft.trouble.get());
		return;
	}
	program.back();
}

function addHeader({draft, program, edit, moveTo}: Around, text: string, index: number) {
	if (text === '') {
		edit({field: 'header', index});
		return;
	}
	const [, name, value = ''] = /^([^\s:]+)\s*:\s*(.*)$/.exec(text) ?? [];
	if (name === undefined) return program.say(ours('a header field looks like this: :header X-Ship: Aurelia'));
	draft.change({headers: [...draft.draft.get().headers, {name, value}]});
	moveTo({field: 'header', index});
}

/** To the next of those there are. */
function writeAs({draft, writing, program}: Around) {
	const {identities} = writing;
	const {from} = draft.draft.get();
	const index = identities.findIndex(({name, address}) => name === from.name && address === from.address);
	const next = identities[(index + 1) % identities.length];
	if (next === undefined || (identities.length === 1 && index === 0))
		return program.say(ours('there is only one identity: bonsai account add … --identity names more'));
	draft.writeAs(next);
	program.sayAloud(safe`from ${safeLine(writing.typed([next]))}`);
}

function attach({draft, writing, program, moveTo}: Around, named: string): void {
	const add = (typed: string) => {
		const found = writing.fileAt(typed);
		if ('problem' in found) return program.say(found.problem);
		const {attachments} = draft.draft.get();
		draft.change({attachments: [...attachments, found]});
		moveTo({field: 'attachment', index: attachments.length});
	};
	if (named !== '') add(named);
	else
		program.ask({
			kind: 'line',
			label: ours('Attach the file (Tab completes): '),
			initial: '',
			onEnter: add,
			complete: text => writing.completedFile(text),
		});
}

/** What is not wanted any more does not go on coming. */
function cancelArrivals({session}: Around, attachments: readonly Attachment[]): void {
	const files = new Set<string>(attachments.flatMap(({file}) => file ?? []).map(safeLine));
	for (const transfer of session.transfers.get())
		if (transfer.state !== 'done' && files.has(transfer.file)) session.cancel(transfer.id);
}

function detachOf(around: Around): Handlers['detach'] {
	const {draft, program, current} = around;
	const change: Partial<Draft> | undefined = emptied(current, draft.draft.get());
	return (
		change &&
		(() => {
			if (current.field === 'attachment')
				cancelArrivals(around, draft.draft.get().attachments.slice(current.index, current.index + 1));
			draft.change(change);
			program.sayAloud(ours('it is taken off'));
		})
	);
}

/** To a file, and from there into the message, as if it had never been left where it lies. */
function bringOf({session, program, draft, current}: Around): Handlers['bring'] {
	const {attachments, resends} = draft.draft.get();
	const isResent = resends?.at !== undefined;
	const left = isResent ? resends : current.field === 'attachment' ? attachments[current.index] : undefined;
	if (left?.at === undefined) return undefined;
	const {name, type, sizeBytes, at} = left;
	// Of one that is sent on as it is the header is here; that much is not worth a second way.
	const place = isResent ? {...at, part: partNumber(''), sizeBytes} : at;
	const go = (): void => {
		const file = draft.fileFor(isResent ? 'message.eml' : name);
		if (session.bring(place, type, file) === undefined) return;
		const here = {name, type, sizeBytes, file};
		const {attachments: now} = draft.draft.get();
		draft.change(isResent ? {resends: here} : {attachments: now.map(each => (each === left ? here : each))});
	};
	return () => {
		if (at.account !== session.account) return program.say(safe`it lies in ${safeLine(at.account)}: attach it there`);
		spend(session, program, {what: safe`Fetch ${safeLine(name)}`, price: session.priceToBring(place), go});
	};
}

/** What keeps it from going; undefined: nothing. */
function obstacle({draft, writing}: Around): SafeText | undefined {
	const [problem, ...more] = draft.problems();
	if (problem !== undefined) return more.length === 0 ? problem : safe`${problem} (and ${more.length} more)`;
	return writing.whyNoSending === '' ? undefined : writing.whyNoSending;
}

function send(around: Around, notBefore?: number) {
	const {draft, program} = around;
	const problem = obstacle(around);
	if (problem !== undefined) return program.say(problem);
	const go = (): void => draft.send(notBefore === undefined ? {} : {notBefore});
	const doubts = draft.doubts();
	if (doubts.length === 0) go();
	else
		program.ask({
			kind: 'yes-or-no',
			label: safe`${safeJoin(doubts, ours('. '))}. Send?`,
			onYes: go,
		});
}

function sendLater(around: Around, text: string): void {
	const {program, clock} = around;
	const at = (typed: string) => {
		const moment = momentOf(typed, clock());
		if (moment === undefined)
			return program.say(ours('when? :later 18:30, :later 2026-12-24 8:00, :later +2h; a time that is not over'));
		send(around, moment);
		program.sayAloud(safe`not before ${dateOf(moment, clock())}`);
	};
	if (text !== '') at(text);
	else program.ask({kind: 'line', label: ours('Send it not before: '), initial: '', onEnter: at});
}
