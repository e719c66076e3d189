/**
 * From the offline model to another one: what was drained is here and no more there, so it is offered to go back, as a move
 * from local mail to the server, with flags and dates. It never goes by itself.
 */
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import {inbox, type MailboxPath} from '../source/model/ids.ts';
import {type ModelName, models} from '../source/model/model.ts';
import {transferTo} from '../source/model/operation.ts';
import {countOf} from '../source/model/operation-words.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import {localOf} from './offline-place.ts';
import type {Question} from './prompt.tsx';
import {safe} from './safe.ts';

type Surroundings = {
	readonly sessions: readonly Session[];
	readonly keys: ScreenKeys;
	ask(question: Question): void;
	say(text: SafeText): void;
};

/** Without a mailbox it is the account's model, and what is offered is all that was drained of it. */
export function chooseOtherModel(
	session: Session,
	name: Exclude<ModelName, 'offline'>,
	mailbox: MailboxPath | undefined,
	{sessions, ask, say, keys}: Surroundings,
): void {
	const known = session.mailboxes.get().mailboxes.filter(({isSelectable}) => isSelectable);
	const paths = mailbox === undefined ? [...new Set([inbox, ...known.map(({path}) => path)])] : [mailbox];
	const wereOffline = paths.filter(path => session.isOffline(path));
	session.chooseModel(name, mailbox);
	const local = localOf(sessions);
	const [first, ...others] = wereOffline.filter(path => !session.isOffline(path));
	if (first === undefined || local === undefined) return;
	const account = safeLine(session.account);
	const from = safeLine(session.localOf(first));
	// Which of them anything came of is known when they say yes.
	local.ensureMailboxes({isFresh: true});
	ask({
		kind: 'yes-or-no',
		label:
			others.length === 0
				? safe`Move all of Local ${from} back to ${account}/${safeLine(first)}?`
				: safe`Move all that came from Local back to ${account}?`,
		onYes: () =>
			void moveAllBack(local, session, [first, ...others]).then(count => {
				const how = models[name].dialsByItself
					? ours('are on their way back')
					: safe`go back with the next call: ${keys.hint('look', 'plans it')}`;
				if (count > 0) say(safe`${countOf(count)} ${how}`);
				else say(ours('nothing is here that could go back'));
			}),
	});
}

/**
 * Local mail opens one mailbox at a time, and what is decided goes first: all are looked into before the first is decided,
 * so that leaving meanwhile leaves nothing out.
 */
async function moveAllBack(local: Session, session: Session, paths: readonly MailboxPath[]): Promise<number> {
	const {state, mailboxes} = local.mailboxes.get();
	const isHere = (from: MailboxPath): boolean => state !== 'known' || mailboxes.some(({path}) => path === from);
	const tagged: MailboxPath[] = [];
	for (const path of paths) {
		const from = session.localOf(path);
		if ((paths.length === 1 || isHere(from)) && (await tagAll(local, from))) tagged.push(path);
	}
	let count = 0;
	for (const path of tagged) {
		const mailbox = local.mailbox(session.localOf(path));
		const {tagged: messages} = mailbox.state.get();
		if (mailbox.decide('tagged', transferTo('move', {account: session.account, mailbox: path}))) count += messages;
	}
	return count;
}

/** Costs nothing on this disk. Whether there is any: it is refused where there is none of that name. */
function tagAll(local: Session, from: MailboxPath): Promise<boolean> {
	const mailbox = local.mailbox(from);
	return new Promise(resolve => {
		let isDone = false;
		const look = (): void => {
			const {tagged, count, state} = mailbox.state.get();
			const isRefused = state === 'refused';
			if (isDone || !(isRefused || (state === 'open' && count !== undefined && tagged >= count))) return;
			isDone = true;
			stop();
			resolve(!isRefused && tagged > 0);
		};
		const stop = mailbox.state.subscribe(look);
		mailbox.ensureNewest(1);
		mailbox.ensureTagged({what: 'all'});
	});
}
