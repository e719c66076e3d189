/**
 * Lends the submission server parts of messages that lie in the mailboxes of this account: asks the mail server for URLs by
 * which it may fetch them, for an hour.
 *
 * Laws: only where the message is by now is it looked for, as the log knows it; without a line nothing is begun, and with a
 * line that is lost nothing is waited for.
 */
import type {Account} from '../model/account.ts';
import {Failure} from '../model/failure.ts';
import type {PartPlace} from '../model/operation.ts';
import type {PartOnServer} from '../model/piece.ts';
import {ours, safeLine} from '../model/safe-text.ts';
import type {Submitting, UrlReader} from '../remote/submission.ts';
import type {Need} from './needs.ts';
import type {Worker} from './worker.ts';

const lentForMs = 3_600_000;
/** Of a question and its answer. */
const bytesOfUrl = 450;

type LendOptions = {
	readonly account: Pick<Account, 'name' | 'host' | 'user'>;
	readonly worker: Pick<Worker, 'need' | 'link'>;
	/** Where a part is whose message may have been moved since it was named; uid 0: there, under a UID nobody knows. */
	readonly whereIs: (at: PartPlace) => PartPlace;
};

export const lendParts =
	({account, worker, whereIs}: LendOptions): NonNullable<Submitting['urlsOf']> =>
	async (parts, reader) => {
		const now = parts.map(part => {
			if (part.account !== account.name)
				throw new Failure(
					'refused',
					safeLine(`A part of it lies in the mailboxes of ${part.account}, and not in these`),
				);
			const place = whereIs(part);
			if (place.uid === 0)
				throw new Failure(
					'gone',
					safeLine(`The message was moved to ${place.mailbox}, and nobody knows where there it is`),
				);
			return {...part, ...place};
		});
		const host = hostOf(account, reader);
		if (host === '')
			throw new Failure('refused', ours('It is not known by which name the submission server knows the mail server'));
		if (worker.link.get().state !== 'up') throw noLine();
		return asked(worker, now, {host, user: account.user || reader.user, reader: reader.user});
	};

/** Whether the mail server does so, of which these capabilities are known; undefined: it was never asked. */
export function isLending(
	{folder, disabledCapabilities, sending}: Account,
	known: ReadonlySet<string>,
): boolean | undefined {
	const isLocal = folder !== '';
	if (isLocal || disabledCapabilities.includes('BURL') || disabledCapabilities.includes('URLAUTH')) return false;
	if (known.size === 0) return undefined;
	// The copy is put together where the parts lie, or it would have to be fetched after all.
	return known.has('URLAUTH') && (sending.sentCopies !== 'append' || known.has('CATENATE'));
}

/** When there is a line, or nobody dials one. */
export const whenDialled = (link: Worker['link']): Promise<void> =>
	new Promise(resolve => {
		const isOver = (): boolean => link.get().state !== 'dialling';
		if (isOver()) return resolve();
		const stop = link.subscribe(() => {
			if (!isOver()) return;
			stop();
			resolve();
		});
	});

const noLine = () => new Failure('offline', ours('It waits for a line to the mailboxes, where parts of it lie'));

/** As the submission server calls the mail server, where it says so. */
const hostOf = ({host}: LendOptions['account'], {hosts}: UrlReader): string =>
	hosts.find(each => each.toLowerCase() === host.toLowerCase()) ?? hosts[0] ?? host;

function asked(
	worker: LendOptions['worker'],
	parts: readonly PartOnServer[],
	owner: {readonly host: string; readonly user: string; readonly reader: string},
): Promise<readonly string[]> {
	return new Promise((resolve, reject) => {
		let isAsked = false;
		let isOver = false;
		const end = (tell: () => void): void => {
			isOver = true;
			tell();
		};
		const fail = (failure: Failure): void => end(() => reject(failure));
		const need: Need = {
			key: 'lend',
			urgency: 'looking-at',
			mailbox: undefined,
			isDone: () => isOver,
			isAllAsked: () => isAsked,
			lost: () => fail(noLine()),
			fail,
			cost: () => ({what: ours('Lend parts to the submission server'), mostBytes: 2 * bytesOfUrl * parts.length}),
			next() {
				if (isAsked) return undefined;
				isAsked = true;
				return {
					expectedBytes: bytesOfUrl * parts.length,
					ask: async remote => {
						const urls = await remote.fetchUrls(parts, {...owner, until: Date.now() + lentForMs});
						end(() => resolve(urls));
					},
				};
			},
		};
		worker.need(need);
	});
}
