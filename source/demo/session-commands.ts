/** Commands about the connection itself. */
import type {Command, Commands} from './commands.ts';
import {Refusal} from './connection.ts';

const isNil = (text: string): boolean => /^nil$/i.test(text);

const nothing: Command['run'] = (_, cursor) => {
	cursor.end();
	return undefined;
};

export const sessionCommands: Commands = {
	CAPABILITY: {
		state: 'any',
		run(connection, cursor) {
			cursor.end();
			connection.line(`* CAPABILITY ${connection.capabilityLine}`);
		},
	},
	NOOP: {state: 'any', run: nothing},
	CHECK: {state: 'selected', run: nothing},
	LOGOUT: {
		state: 'any',
		run(connection, cursor) {
			cursor.end();
			connection.leaveMailbox();
			connection.line('* BYE Logging out');
			connection.state = 'logout';
			return 'OK Logout completed.';
		},
	},
	ID: {
		state: 'any',
		needs: ['ID'],
		run(connection, cursor) {
			cursor.space();
			if (cursor.peek('(')) {
				cursor.list(() => (cursor.isAtString ? cursor.string() : cursor.atom()));
			} else if (!isNil(cursor.atom())) throw new Refusal('BAD', 'ID takes a list or NIL.');
			cursor.end();
			connection.line('* ID ("name" "Bonsai demo server")');
		},
	},
	ENABLE: {
		state: 'authenticated',
		needs: ['ENABLE'],
		run(connection, cursor) {
			const done: string[] = [];
			while (!cursor.isAtEnd) {
				cursor.space();
				const name = cursor.word();
				if (!['CONDSTORE', 'QRESYNC', 'UTF8=ACCEPT'].includes(name) || !connection.has(name)) continue;
				if (!connection.enabled.has(name)) done.push(name);
				connection.enabled.add(name);
				if (name !== 'UTF8=ACCEPT') connection.hasCondstore = true;
			}
			connection.line(`* ENABLED${done.map(name => ` ${name}`).join('')}`);
		},
	},
	STARTTLS: {
		state: 'not-authenticated',
		needs: ['STARTTLS'],
		async run(connection, cursor) {
			cursor.end();
			const identity = connection.world.starttls;
			if (connection.wire.hasTls || identity === undefined) throw new Refusal('BAD', 'TLS is already active.');
			connection.line(`${connection.tag} OK Begin TLS negotiation now.`);
			await connection.wire.flush();
			await connection.wire.startTls(identity);
			return '';
		},
	},
	COMPRESS: {
		state: 'authenticated',
		needs: ['COMPRESS=DEFLATE'],
		async run(connection, cursor) {
			cursor.space();
			if (cursor.word() !== 'DEFLATE') throw new Refusal('BAD', 'Unknown compression mechanism.');
			cursor.end();
			if (connection.wire.hasDeflate) throw new Refusal('NO', '[COMPRESSIONACTIVE] COMPRESSION already enabled.');
			connection.line(`${connection.tag} OK Begin compression.`);
			await connection.wire.flush();
			connection.wire.startDeflate();
			return '';
		},
	},
	IDLE: {
		state: 'authenticated',
		needs: ['IDLE'],
		async run(connection, cursor) {
			cursor.end();
			connection.line('+ idling');
			let line: string | undefined;
			let isDone = false;
			const done = connection.wire.line().then(text => {
				line = text;
				isDone = true;
			});
			while (!isDone) {
				connection.tellNews(true);
				await connection.wire.flush();
				if (!isDone) await connection.wokenOr(done);
			}
			connection.world.record(connection.number, 'client', line ?? '');
			if (line?.toUpperCase() !== 'DONE') throw new Refusal('BAD', 'Expected DONE.');
			return 'OK Idle completed.';
		},
	},
};
