/**
 * Between the key that answers a message and the composer: what the answer needs of it comes, its header and its text within
 * the budget. Without a line one answers by what is here.
 */
import {type ReactElement, useEffect, useMemo, useState} from 'react';
import {isOver} from '../source/model/budget.ts';
import type {Attachment, Draft} from '../source/model/draft.ts';
import type {Original} from '../source/model/outgoing.ts';
import {otherParts} from '../source/model/part-words.ts';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import type {OpenMessage, ShownCalendar} from '../source/session/session.ts';
import type {Beginning, OpenDraft, Writing} from '../source/writing/writing.ts';
import {allLeft, attachWhole, coming, offerParts, staysWords, wholeName} from './attach-parts.ts';
import {priceWords} from './format.ts';
import {insteadOfRows} from './lines.tsx';
import {lackOf} from './link-words.ts';
import {ListPage} from './list-page.tsx';
import {emptyMemory} from './memory.ts';
import {resentLeft, stayingAt, whereItLies, wholeLeft} from './parts-left.ts';
import type {ScreenProps, Written} from './places.ts';
import {bringBack, leftThere, payForText} from './resume-draft.ts';
import {safe} from './safe.ts';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {useHold} from './use-hold.ts';
import {useLive} from './use-live.ts';

type About = Exclude<Written, {kind: 'draft'}>;

export function BeginDraft({
	what,
	writing,
	...props
}: ScreenProps<'compose'> & {readonly what: About; readonly writing: Writing}): ReactElement {
	const {session, program, theme, columns, rows} = props;
	const message = useMemo(() => session.message(what.id, what.part), [session, what.id, what.part]);
	const content = useLive(message.content);
	const summary = useLive(message.summary);
	const lack = lackOf(useLive(session.link), program.keys);
	const isWhole = what.kind === 'bounce' || (what.kind === 'forward' && what.isWhole);
	const isSentOn = what.kind === 'bounce' || what.kind === 'forward';
	const staying = useLive(session.post.staying);
	const mayStay = isSentOn && staying === 'yes' && session.account === writing.account;
	const needsText = !isWhole;
	const isResumed = what.kind === 'resume';
	/** What parts it has says how it can be sent from where it lies. */
	const needsParts = needsText || mayStay;
	const needsAllHeaders = isResumed || (what.kind === 'bounce' && mayStay);
	const needsServers = isSentOn || isResumed;
	// On another line it may be unknown anew.
	// biome-ignore lint/correctness/useExhaustiveDependencies: asked again when it changes
	useEffect(() => {
		if (needsServers) session.post.ensureStaying();
	}, [session, needsServers, staying]);
	useEffect(() => {
		if (needsParts) message.ensureContent();
		if (needsAllHeaders) message.ensureAllHeaders();
		else message.ensureForAnswer();
		return () => message.leave();
	}, [message, needsParts, needsAllHeaders]);
	const hasFailed = content.state === 'gone' || content.state === 'failed';
	const {isHeaderHere, isTextHere} = message.written();
	// What is to replace a message, or to be sent on with its header, has to be all of it.
	const isHere =
		isHeaderHere &&
		(isTextHere || !needsText) &&
		(content.state === 'known' || !mayStay) &&
		(content.allHeaders !== undefined || !needsAllHeaders) &&
		(staying !== 'unknown' || !needsServers);
	const isReady = hasFailed || lack !== undefined || isHere;
	const at = mayStay ? stayingAt(session, writing, message) : undefined;
	const left = !isReady || at === undefined || !isWhole ? undefined : leftOf(what.kind, at, message);
	useHold(!isReady);

	/** On a slow line the key comes before the message. */
	const [wantsText, wantText] = useState(false);
	const [isPaid, pay] = useState(!isWhole && !isResumed);
	// biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when it can be
	useEffect(() => {
		if (!isReady || isPaid) return;
		if (isResumed) {
			payForText({session, program, message}, () => pay(true));
			return;
		}
		if (left !== undefined) return pay(true);
		const price = message.price([what.part]);
		if (!isOver(session.budget.get(), price)) return pay(true);
		program.ask({
			kind: 'yes-or-no',
			label: safe`Fetch all of it to send it on, ${priceWords(price)}?`,
			onYes: () => pay(true),
			onNo: () => program.back(),
		});
	}, [isReady]);

	useEffect(() => {
		if (!isReady || !isPaid) return;
		if (isResumed && isHere && !message.written().isTextWhole && content.text.kind !== 'none') return;
		if (summary === undefined) {
			program.say(ours('the message is gone'));
			program.back();
			return;
		}
		const {mailbox} = message.lies;
		const at = what.part === '' ? whereItLies(session, message) : undefined;
		const original = message.written();
		if (isResumed && (!isHere || at === undefined || content.structure === undefined)) {
			program.say(safe`not all of it is here: it is ${lack ?? ours('gone')}`);
			program.back();
			return;
		}
		const begun =
			what.kind === 'resume'
				? writing.begin({
						what: 'resume',
						mailbox,
						original,
						at: at!,
						sizeBytes: summary.sizeBytes,
						attachments: staying === 'yes' ? leftThere(content, at!) : [],
						isFormatted: content.text.kind === 'html' || content.text.hasAlternative,
					})
				: what.kind === 'participation'
					? participationOf(what, content.calendar, {writing, original, at, lack})
					: writing.begin(beginningOf(what, original, at, {staying: leftParts(), resends: left}));
		if ('problem' in begun) {
			program.say(begun.problem);
			program.back();
			return;
		}
		const draft = {
			kind: 'draft',
			id: begun.id,
			isFresh: what.kind === 'forward' || what.kind === 'bounce',
			opensText: wantsText,
		} as const;
		program.replace({screen: 'compose', memory: emptyMemory(), what: draft}, writing.account);
		if (begun.remark !== '') program.say(begun.remark);
		bringAlong(what, begun);
	});

	/** What of it stays on the server; all that comes along, or none of it. */
	function leftParts(): readonly Attachment[] {
		if (isWhole) return left === undefined ? [] : [left];
		const parts = at && content.structure ? otherParts(content.structure, content.text) : [];
		return what.kind === 'forward' && at && coming(parts, at).length === 0 ? allLeft(parts, at) : [];
	}

	/** What does not stay is fetched when its price is known and said yes to. */
	function bringAlong(about: About, draft: OpenDraft): void {
		const stays = leftParts();
		if (left !== undefined) program.say(ours('the message stays on the server: nothing of it has to be sent'));
		else if (stays.length > 0) program.say(staysWords(stays));
		else if (isWhole) attachWhole({message, draft}, about.kind === 'bounce');
		else if (about.kind === 'resume') bringBack({session, program, message, draft}, content);
		else if (about.kind === 'forward' && content.structure) {
			const parts = otherParts(content.structure, content.text);
			const {mailbox, id, part} = about;
			const choose = (): void => {
				// Where it can be found, to be attached to.
				draft.change({});
				draft.keep();
				program.replace({screen: 'parts', memory: emptyMemory(), mailbox, id, part, list: undefined}, session.account);
				program.say(safe`mark what is to come along${hintOf(program)}`);
			};
			offerParts(parts, {message, program, draft}, {at, choose});
		}
	}

	const awaitText = (): void => {
		wantText(true);
		program.say(ours('the text is opened when the message is here'));
	};
	const takesText = what.kind === 'answer' || what.kind === 'participation';
	useCommands('compose', {
		back: () => program.back(),
		...(takesText ? {editText: awaitText, open: awaitText} : {}),
	});
	useCursorAt('screen', {x: 0, y: 1});
	const lines = [{text: ours('')}, insteadOfRows(ours('The message is on its way…'), theme.quiet, {isWaiting: true})];
	return <ListPage {...{session, theme, columns, rows, lines}} name={nameOf(what)} middle={ours('')} />;
}

function beginningOf(
	what: Exclude<About, {kind: 'participation' | 'resume'}>,
	original: Extract<Beginning, {what: 'answer'}>['original'],
	at: Extract<Beginning, {what: 'answer'}>['at'],
	{staying, resends}: {readonly staying: readonly Attachment[]; readonly resends: Draft['resends'] | undefined},
): Beginning {
	const {mailbox} = what;
	if (what.kind === 'answer') return {what: 'answer', manner: what.manner, mailbox, original, at};
	if (what.kind === 'forward')
		return {what: 'forward', mailbox, original, at, isWhole: what.isWhole, attachments: staying};
	return {what: 'bounce', mailbox, original, ...(resends ? {resends} : {})};
}

/** What of the invitation is needed to answer it; a sentence when that is not here. */
function participationOf(
	{answer, mailbox}: Extract<About, {kind: 'participation'}>,
	calendar: ShownCalendar | undefined,
	{
		writing,
		original,
		at,
		lack,
	}: Pick<Extract<Beginning, {what: 'answer'}>, 'original' | 'at'> & {
		readonly writing: Writing;
		readonly lack: SafeText | undefined;
	},
): OpenDraft | {readonly problem: SafeText} {
	if (calendar?.reading?.is === 'invitation')
		return writing.begin({
			what: 'participation',
			answer,
			mailbox,
			original,
			at,
			invitation: calendar.reading.invitation,
		});
	if (calendar?.state === 'offered')
		return {problem: ours('the invitation did not come: fetch it in the message first')};
	if (calendar?.state === 'asking' || (calendar === undefined && lack !== undefined))
		return {problem: safe`the invitation is not here: it is ${lack ?? ours('on its way')}`};
	return {problem: ours(calendar ? 'the invitation in it cannot be read' : 'there is no invitation in it')};
}

const leftOf = (kind: About['kind'], at: Original, message: OpenMessage) =>
	(kind === 'bounce' ? resentLeft : wholeLeft)(at, message, wholeName(message));

const hintOf = ({keys}: ScreenProps<'compose'>['program']): SafeText => {
	const hint = keys.hint('attachPart', 'attaches it');
	return hint === '' ? hint : safe`; ${hint}`;
};

const nameOf = ({kind}: About): SafeText =>
	ours(
		kind === 'answer' || kind === 'participation'
			? 'answer'
			: kind === 'resume'
				? 'draft'
				: kind === 'forward'
					? 'send it on'
					: 'send it on as it is',
	);
