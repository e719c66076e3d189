/**
 * What the user writes as an account (`writing.ts`): begins drafts, keeps those that are open, and knows who and which
 * files there are.
 */
import fs from 'node:fs';
import {answerTo, forwardOf, identityFor, resenderOf, type Writing as Writer} from '../compose/answer.ts';
import {localZone} from '../compose/date-field.ts';
import {readMailto} from '../compose/mailto.ts';
import {type Original, subjectOf, threadOf} from '../compose/original.ts';
import {withSignature} from '../compose/quote.ts';
import {messageIdOf, resumedDraft} from '../compose/resume.ts';
import {type Leaving, type OneClick, oneClickWords, readLeaving, type WayOut} from '../compose/unsubscribe.ts';
import type {Account} from '../model/account.ts';
import {type Address, type Draft, emptyDraft, type SavedDraft} from '../model/draft.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {type Identity, usualIdentity} from '../model/sending.ts';
import {typedText} from '../model/typed-text.ts';
import {live} from '../session/live.ts';
import type {WrittenMessage} from '../session/session.ts';
import {type Drafts, newDraftId} from '../store/drafts.ts';
import {parseHeader} from '../text/header.ts';
import {attachedFile, completedFile, resolved} from './attached-file.ts';
import {DraftBeingWritten, type DraftSurroundings, type DraftsPost} from './open-draft.ts';
import {participate} from './participate.ts';
import type {People} from './people.ts';
import {readTyped, typedAddresses} from './typed-addresses.ts';
import type {Beginning, OpenDraft, Writing} from './writing.ts';

export type DeskOptions = Pick<DraftSurroundings, 'clock' | 'after' | 'runEditor'> & {
	readonly account: Account;
	/** Others that send, by which one writes too; all that can be of mail on this disk. */
	readonly others: () => readonly Account[];
	readonly drafts: Drafts;
	readonly post: DraftsPost;
	readonly people: People;
	/** RFC 8058. Never rejects. */
	readonly postOneClick: (url: string) => Promise<OneClick>;
};

export class Desk implements Writing {
	readonly account: Account['name'];
	readonly drafts = live<readonly SavedDraft[]>([]);
	readonly #options: DeskOptions;
	readonly #open = new Map<string, DraftBeingWritten>();

	constructor(options: DeskOptions) {
		const {account} = options;
		this.account = account.name;
		this.#options = options;
	}

	get identities(): readonly Identity[] {
		const {account, others, post} = this.#options;
		const all = [...(post.maySend ? identitiesOf(account) : []), ...others().flatMap(identitiesOf)];
		return all.length > 0 ? all : identitiesOf(account);
	}

	/** As whom one writes unless the user says otherwise: as the account, where it sends. */
	get #own(): readonly Identity[] {
		return this.#options.post.maySend ? identitiesOf(this.#options.account) : this.identities;
	}

	/** Whose queue a message of that sender goes into. */
	#senderOf(address: string): Account['name'] {
		const {account, others, post} = this.#options;
		const senders = [...(post.maySend ? [account] : []), ...others()];
		const isOf = (each: Account): boolean => identitiesOf(each).some(own => own.address === address);
		return (senders.find(isOf) ?? senders[0] ?? account).name;
	}

	get whyNoSending(): SafeText {
		if (this.#options.post.maySend || this.#options.others().length > 0) return ours('');
		return safeLine(
			`${this.account} does not send: it has no submission server. bonsai account add ${this.account} … --smtp smtp://me@host:587 --replace names one`,
		);
	}

	look(): void {
		try {
			this.drafts.set(this.#options.drafts.all());
		} catch {
			this.drafts.set([]);
		}
	}

	begin(beginning: Beginning): OpenDraft | {readonly problem: SafeText} {
		if (beginning.what === 'resume') return this.#resumed(beginning);
		const begun = this.#begun(beginning);
		if ('problem' in begun) return {problem: safeLine(begun.problem)};
		return this.#opened(new DraftBeingWritten(begun.draft, this.#around(), {remark: begun.remark ?? ours('')}));
	}

	/** One that was begun here is gone on with as it is here. */
	#resumed({
		original,
		at,
		mailbox,
		sizeBytes,
		attachments,
		isFormatted,
	}: Extract<Beginning, {what: 'resume'}>): OpenDraft {
		const read = {...originalOf(original), text: original.written ?? original.text};
		const {account: _, ...place} = at;
		const parts = attachments.flatMap(({at: its}) =>
			its ? [{part: its.part, sizeBytes: its.sizeBytes, encoding: its.encoding, of: {...place, part: its.part}}] : [],
		);
		const copy = {savedAt: 0, version: '', messageId: messageIdOf(read), sizeBytes, isOfPieces: false, parts};
		const id = this.#options.post.adoptDraft(newDraftId(), place, copy);
		const known = this.open(id);
		if (known) return known;
		const draft = {...resumedDraft(read, asAddress(identityFor(undefined, this.#writer(mailbox)))), attachments};
		const remark = ours(isFormatted ? 'Its text is gone on with as plain text: saved, it has lost its formatting' : '');
		return this.#opened(new DraftBeingWritten(draft, this.#around(), {id, remark}));
	}

	open(id: string): OpenDraft | undefined {
		const known = this.#open.get(id);
		if (known && !known.isOvertaken) return known;
		const saved = this.#options.drafts.find(id);
		return saved && this.#opened(new DraftBeingWritten(saved.draft, this.#around(), saved));
	}

	remove(id: string): void {
		const known = this.open(id);
		if (known) known.discard();
		else this.look();
	}

	/** All that is open is on the disk: before the program ends. */
	keepAll(): void {
		for (const draft of this.#open.values()) draft.keep();
	}

	leaving(header: Buffer): Leaving | {readonly problem: SafeText} {
		const leaving = readLeaving(header);
		return 'problem' in leaving ? {problem: safeLine(leaving.problem)} : leaving;
	}

	async leaveByRequest({url, host}: Extract<WayOut, {by: 'one-click'}>): Promise<SafeText> {
		return oneClickWords(host, await this.#options.postOneClick(url));
	}

	addressesIn = (text: string): readonly Address[] => readTyped(text);
	typed = (addresses: readonly Address[]): string => typedAddresses(addresses);
	fileAt = attachedFile;
	completedFile = completedFile;

	find(text: string): void {
		this.#options.people.find(text);
	}

	get found() {
		return this.#options.people.found;
	}

	#opened(draft: DraftBeingWritten): OpenDraft {
		this.#open.set(draft.id, draft);
		return draft;
	}

	#around(): DraftSurroundings {
		return {
			...this.#options,
			signatureOf: this.#signatureOf,
			senderOf: address => this.#senderOf(address),
			onKept: () => this.look(),
			onGone: () => {
				for (const [id, {sending, isTouched}] of this.#open)
					if (sending.get().state === 'queued' || !isTouched) this.#open.delete(id);
			},
		};
	}

	/** Whose file cannot be read has none: a letter without it is better than none. */
	#signatureOf = ({address}: Address): string => {
		const {account, others} = this.#options;
		const all = [account, ...others()];
		const found = all.find(each => identitiesOf(each).some(own => own.address === address)) ?? account;
		const own = identitiesOf(found).find(each => each.address === address)?.signatureFile;
		const file = own || found.sending.signatureFile;
		try {
			return file === '' ? '' : typedText(fs.readFileSync(resolved(file)));
		} catch {
			return '';
		}
	};

	#writer(mailbox: string): Writer {
		const {clock} = this.#options;
		const zoneMinutes = localZone(clock());
		return {identities: this.#own, mailbox, signatureOf: this.#signatureOf, zoneMinutes};
	}

	#begun(
		beginning: Exclude<Beginning, {what: 'resume'}>,
	): {readonly draft: Draft; readonly remark?: SafeText} | {readonly problem: string} {
		if (beginning.what === 'mailto') {
			const [first] = this.#own;
			const read = readMailto(beginning.url, asAddress(first!), this.#signatureOf(first!));
			if (read === undefined) return {problem: `${beginning.url} is no mailto: URL`};
			const {draft, leftOut} = read;
			const remark = safeLine(`The URL also asked for ${leftOut.join(', ')}, which was left out`);
			return {draft, remark: leftOut.length === 0 ? ours('') : remark};
		}
		const writer = this.#writer(beginning.mailbox);
		if (beginning.what === 'new') {
			const identity = identityFor(undefined, writer);
			const text = withSignature('', this.#signatureOf(identity));
			return {draft: {...emptyDraft(asAddress(identity)), text}};
		}
		if (beginning.what === 'leave') {
			const identity = identityFor({fields: parseHeader(beginning.header)}, writer);
			const draft = readMailto(beginning.url, asAddress(identity))?.draft;
			if (draft === undefined) return {problem: 'What it gives to unsubscribe is no mail address'};
			// Many lists read only to whom it goes; an empty mail may be taken for a mistake.
			return {draft: draft.subject === '' ? {...draft, subject: 'unsubscribe'} : draft};
		}
		const {original} = beginning;
		const read = originalOf(original);
		if (beginning.what === 'participation') {
			const {answer, at} = beginning;
			const {identities} = this;
			const draft = participate(beginning.invitation, {
				...{answer, identities, signatureOf: this.#signatureOf},
				thread: threadOf(read),
				now: this.#options.clock(),
			});
			if ('problem' in draft) return draft;
			return {draft: {...draft, ...(at ? {answers: [at]} : {})}};
		}
		if (beginning.what === 'answer') {
			const draft = answerTo(read, beginning.manner, writer);
			if ('problem' in draft) return draft;
			return {draft: {...draft, ...(beginning.at ? {answers: [beginning.at]} : {})}, remark: lackOf(original)};
		}
		if (beginning.what === 'bounce') {
			const {resends} = beginning;
			const draft = {...emptyDraft(resenderOf(read, writer)), subject: subjectOf(read)};
			return {draft: {...draft, ...(resends ? {resends} : {})}};
		}
		const draft = forwardOf(beginning.isWhole ? {...read, text: ''} : read, writer);
		const own = beginning.isWhole ? withSignature('', this.#signatureOf(draft.from as Identity)) : draft.text;
		return {
			draft: {
				...draft,
				text: own,
				attachments: beginning.attachments ?? draft.attachments,
				...(beginning.at ? {forwards: [beginning.at]} : {}),
			},
			remark: beginning.isWhole ? ours('') : lackOf(original),
		};
	}
}

const identitiesOf = (account: Account): readonly Identity[] =>
	account.sending.identities.length > 0 ? account.sending.identities : [usualIdentity(account)];

const originalOf = ({header, text}: WrittenMessage): Original => ({fields: parseHeader(header), text});

/** What one should know of an answer that was begun without all of the message. */
function lackOf({isHeaderHere, isTextHere, isTextWhole}: WrittenMessage): SafeText {
	if (isHeaderHere && isTextHere)
		return ours(isTextWhole ? '' : 'Of its text only what came is quoted: the rest was over the budget');
	return ours(
		isHeaderHere
			? 'The text of the message is not here and so is not quoted'
			: 'Without a line it is not known whether it asks for answers elsewhere: see To',
	);
}

const asAddress = ({name, address}: Address): Address => ({name, address});
