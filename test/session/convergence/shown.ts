/**
 * The first oracle, and what must hold at any moment: a client shows what the server holds; before that, what it holds
 * itself with the decisions that wait on top; never a message twice, never one out of order.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {DatabaseSync} from 'node:sqlite';
import type {MailboxPath} from '../../../source/model/ids.ts';
import type {Message} from '../../../source/model/message.ts';
import type {Client} from './client.ts';
import {wished} from './wish-steps.ts';
import {boxes, type Instance, places, type World} from './world.ts';

/** Whether a call brings it. */
export const isKept = ({account}: Client, mailbox: MailboxPath): boolean =>
	(account.mailboxModels[mailbox] ?? account.model) === 'disconnected';

export type Row = Message & {readonly uidValidity: number};

/** The rows that are known, oldest first. Free. */
export function rowsOf({session}: Client, mailbox: MailboxPath): Row[] {
	const view = session.mailbox(mailbox);
	const {count = 0, uidValidity = 0} = view.state.get();
	const rows: Row[] = [];
	for (let position = 1; position <= count; position++) {
		const row = view.row(position);
		if (row !== undefined) rows.push({...row, uidValidity});
	}
	return rows;
}

/** More rows than there are. */
export const everything = 60;

/** That a message is recent is true of one connection only. */
const words = ({uid, subject, flags}: Pick<Instance, 'uid' | 'flags'> & {readonly subject: string}): string =>
	[uid, subject, ...[...flags].filter(flag => flag !== '\\Recent').sort()].join(' ');

/** All of a mailbox that has to be there is shown, as the server has it. */
export async function assertShown(client: Client, mailbox: MailboxPath, world: World, when: string): Promise<void> {
	client.session.mailbox(mailbox).ensureNewest(everything);
	await client.calm();
	const {count, uidValidity} = client.session.mailbox(mailbox).state.get();
	await world.look();
	// Killed meanwhile it has not heard all that was said to it.
	if (client.isDead) return;
	const held = world.heldIn(mailbox);
	const because = `${client.name} shows what the server holds in ${mailbox}, ${when}`;
	const least = isKept(client, mailbox) ? wished(client, mailbox, held.length) : held.length;
	if (least === undefined) return;
	const rows = rowsOf(client, mailbox);
	const uids = new Set(rows.map(({uid}) => uid));
	// By chance more of it is there than is wished for.
	const shown = held.filter(({uid}, at) => at >= held.length - least || uids.has(uid));
	assert.deepEqual(rows.map(words), shown.map(words), because);
	assert.equal(count, held.length, because);
	assert.equal(uidValidity, world.uidValidityOf(mailbox), because);
}

/** What waits is shown as if it were done, and no message is shown twice. */
export function assertPromised(client: Client): void {
	const flags = new Map<string, Map<string, boolean>>();
	const going = new Set<string>();
	for (const {change, targets, state} of client.session.operations.get()) {
		if (state !== 'waiting') continue;
		for (const {place, state: progress, isRefused} of targets) {
			if (progress === 'done' || isRefused || place.uid === 0) continue;
			const key = `${place.mailbox} ${place.uidValidity} ${place.uid}`;
			if (change.kind === 'flag') flags.set(key, (flags.get(key) ?? new Map()).set(change.flag, change.isSet));
			else if (change.kind !== 'copy') going.add(key);
		}
	}
	for (const mailbox of [...places, ...boxes]) {
		const rows = rowsOf(client, mailbox).filter(({uid}) => uid > 0);
		const uids = rows.map(({uid}) => uid);
		const ascending = [...new Set(uids)].sort((a, b) => a - b);
		assert.deepEqual(uids, ascending, `${client.name} shows each message of ${mailbox} once, in order`);
		for (const row of rows) {
			const key = `${mailbox} ${row.uidValidity} ${row.uid}`;
			assert.ok(!going.has(key), `${client.name} shows no more what is to go (${key})`);
			for (const [flag, isSet] of flags.get(key) ?? [])
				assert.equal(row.flags.has(flag), isSet, `${client.name} shows what was decided (${flag} of ${key})`);
		}
	}
}

/** What has just started shows what its disk holds: all of it but what somebody decided to move or to remove. */
export function assertRecalled(client: Client): void {
	if (!fs.existsSync(client.facts)) return;
	const database = new DatabaseSync(client.facts, {readOnly: true});
	const held = database.prepare(
		'SELECT summary.uid FROM mailbox, summary WHERE mailbox.path = ? AND summary.mailbox = mailbox.path AND uid >= whole_from AND uid < uid_next',
	);
	const decided = new Set(
		client.session.operations
			.get()
			.filter(({change}) => change.kind === 'move' || change.kind === 'remove')
			.flatMap(({targets}) => targets.flatMap(({from, place}) => [from, place]))
			.map(({mailbox, uid}) => `${mailbox} ${uid}`),
	);
	for (const mailbox of [...places, ...boxes].filter(each => isKept(client, each))) {
		const view = client.session.mailbox(mailbox);
		// By this name another one goes here that is to be renamed so; the server has not been asked yet.
		if (view.path !== mailbox) continue;
		view.ensureNewest(everything);
		const shown = new Set(rowsOf(client, mailbox).map(({uid}) => uid));
		const uids = held.all(mailbox).map(({uid}) => Number(uid));
		const hidden = uids.filter(uid => !decided.has(`${mailbox} ${uid}`) && !shown.has(uid));
		assert.deepEqual(hidden, [], `${client.name} shows what it holds of ${mailbox} and nobody decided to move`);
	}
	database.close();
}
