/**
 * The steps of the log by which a message arrives that came from another account, or was sent: appended, looked for when
 * the answer was lost, and looked at.
 *
 * Laws: an APPEND whose answer was lost is looked up, not sent again (law 3); it is done when it was seen there, in its
 * size, since the other account removes the original then. Several of one name and size are as good as one: it is there.
 * Of a copy of what was sent the server's OK is enough, and its Message-ID, which is ours and nobody else's.
 */
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import type {Place, Target} from '../model/operation.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {Remote} from '../remote/remote.ts';
import type {ReplayAround} from './replay-around.ts';
import {noMessageId, type StepOf} from './replay-step.ts';
import {messagesOf} from './uid-commands.ts';

type Arriving = StepOf<'append' | 'find-append' | 'verify'>;
type Octets = (change: Arriving['change']) => Buffer | undefined;

export class ReplayAppend {
	readonly #octetsOf: Octets;
	readonly #around: Pick<ReplayAround, 'marks' | 'uidValidityOf'>;

	constructor(octetsOf: Octets, around: Pick<ReplayAround, 'marks' | 'uidValidityOf'>) {
		this.#octetsOf = octetsOf;
		this.#around = around;
	}

	async append(remote: Remote, {batches, to, change}: Arriving): Promise<void> {
		const {marks} = this.#around;
		const octets = this.#octetsOf(change);
		if (octets === undefined) throw new Failure('refused', noOctets(change));
		marks.mark(batches, 'sending');
		const appended = await remote.append(to, octets, change).catch((error: unknown) => {
			const isRefused = error instanceof Failure && (error.kind === 'refused' || error.kind === 'gone');
			if (isRefused) marks.mark(batches, 'waiting');
			throw error;
		});
		marks.log.durably(() => {
			for (const {operation, targets} of batches) {
				if (appended)
					marks.log.learnPlaces(new Map(messagesOf(targets).map(each => [each, {mailbox: to, ...appended}])));
				if (change.kind === 'file') marks.log.settle(operation.id, messagesOf(targets));
				else marks.log.setTargets(operation.id, messagesOf(targets), 'copied');
			}
		});
	}

	/** The answer to an APPEND was lost. */
	async find(remote: Remote, step: Arriving): Promise<void> {
		const {marks} = this.#around;
		const found = await this.#search(remote, step);
		if (found === undefined) marks.refuse(step.batches, arrivalUnknown(step.to));
		else if (found.length === 0) marks.mark(step.batches, 'waiting');
		else this.#settle(step, found);
	}

	async verify(remote: Remote, step: StepOf<'verify'>): Promise<void> {
		const {marks, uidValidityOf} = this.#around;
		const place = targetOf(step)?.place;
		const isKnown = place !== undefined && place.uid > 0 && place.uidValidity === uidValidityOf(step.to);
		const there = isKnown ? (await remote.fetchOrigins(String(place.uid))).get(place.uid) : undefined;
		if (there?.sizeBytes === step.change.sizeBytes) return this.#settle(step, [place?.uid ?? 0]);
		if (there !== undefined) return marks.refuse(step.batches, otherSize(step.to));
		const found = await this.#search(remote, step);
		if (found === undefined || found.length === 0) marks.refuse(step.batches, notSeen(step.to));
		else this.#settle(step, found);
	}

	/** Undefined: it has no name to look for. */
	async #search(remote: Remote, step: Arriving): Promise<readonly number[] | undefined> {
		const messageId = targetOf(step)?.messageId ?? '';
		if (messageId === '' || messageId === noMessageId) return undefined;
		// A server may keep it in another size than it was sent in; of what is carried over that must not be.
		const sizeBytes = step.change.kind === 'file' ? undefined : step.change.sizeBytes;
		return remote.search({by: 'message-id', messageId, sizeBytes});
	}

	#settle({batches, to}: Arriving, [uid = 0, ...others]: readonly number[]): void {
		const uidValidity = this.#around.uidValidityOf(to) ?? 0;
		const place: Place = others.length === 0 ? {mailbox: to, uidValidity, uid} : {mailbox: to, uidValidity: 0, uid: 0};
		const targets = batches.flatMap(each => each.targets);
		this.#around.marks.settle(batches, new Map(messagesOf(targets).map(message => [message, place])));
	}
}

const targetOf = ({batches}: Arriving): Target | undefined => batches[0]?.targets[0];

const noOctets = (change: Arriving['change']): SafeText =>
	change.kind === 'file'
		? ours('its octets are not here any more, so there is no copy to file')
		: safeLine(`${change.from} does not have its octets any more: decide it anew there`);

const arrivalUnknown = (to: MailboxPath): SafeText =>
	safeLine(`the line was cut, and whether it arrived in ${to} cannot be told, since it has no Message-ID: look there`);

const notSeen = (to: MailboxPath): SafeText =>
	safeLine(`the server took it, but it cannot be seen in ${to}: look there before you try this again`);

const otherSize = (to: MailboxPath): SafeText =>
	safeLine(`it is in ${to}, but of another size than it was sent: look at it there before you remove the original`);
