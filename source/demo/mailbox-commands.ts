/** Commands that change which mailboxes there are. */
import type {Commands} from './commands.ts';
import {type Connection, Refusal} from './connection.ts';
import {canonicalName} from './mailbox-list.ts';
import type {Cursor} from './syntax.ts';

const readName = (connection: Connection, cursor: Cursor): string => {
	cursor.space();
	return canonicalName(connection.readName(cursor.astring()));
};

export const mailboxCommands: Commands = {
	CREATE: {
		state: 'authenticated',
		writes: true,
		run(connection, cursor) {
			const name = readName(connection, cursor);
			cursor.end();
			if (!connection.world.mailboxes.create(name)) throw new Refusal('NO', '[ALREADYEXISTS] Mailbox already exists.');
		},
	},
	DELETE: {
		state: 'authenticated',
		writes: true,
		run(connection, cursor) {
			const name = readName(connection, cursor);
			cursor.end();
			if (name === 'INBOX') throw new Refusal('NO', '[CANNOT] INBOX cannot be deleted.');
			if (!connection.world.mailboxes.remove(name)) throw new Refusal('NO', "[NONEXISTENT] Mailbox doesn't exist.");
		},
	},
	RENAME: {
		state: 'authenticated',
		writes: true,
		run(connection, cursor) {
			const from = readName(connection, cursor);
			const to = readName(connection, cursor);
			cursor.end();
			const {mailboxes} = connection.world;
			if (from === 'INBOX') throw new Refusal('NO', '[CANNOT] INBOX cannot be renamed.');
			if (mailboxes.find(to) !== undefined) throw new Refusal('NO', '[ALREADYEXISTS] Target mailbox exists.');
			if (!mailboxes.rename(from, to)) throw new Refusal('NO', "[NONEXISTENT] Mailbox doesn't exist.");
		},
	},
	SUBSCRIBE: {
		state: 'authenticated',
		writes: true,
		run(connection, cursor) {
			const name = readName(connection, cursor);
			cursor.end();
			connection.world.mailboxes.subscribed.add(name);
		},
	},
	UNSUBSCRIBE: {
		state: 'authenticated',
		writes: true,
		run(connection, cursor) {
			const name = readName(connection, cursor);
			cursor.end();
			connection.world.mailboxes.subscribed.delete(name);
		},
	},
};
