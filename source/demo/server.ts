/**
 * The demo server: a whole IMAP server in memory, for `bonsai demo` and for tests. The face of this folder.
 *
 * Laws: every start is the same (bytes, UIDs, UIDVALIDITY); it listens on loopback only; it announces what it can and
 * refuses what it did not announce; it shares no code with the client, so that the two do not share bugs.
 *
 * Where to look: connection.ts (one client) reads with command-reader.ts and syntax.ts, obeys by commands.ts, and knows
 * its mailbox through view.ts; mailbox-state.ts holds what every client sees. mime.ts, section.ts and structure.ts read
 * messages. mailbox.ts is what is in the mailboxes. faults.ts and link.ts are what may go wrong.
 *
 *     const server = await startDemoServer({mailboxes: () => [{name: 'INBOX', state: virtualMailbox()}]});
 *     server.setFlags('INBOX', 999_999, ['\\Seen']);      // another client at work
 *     server.faults.add({kind: 'cut-after', command: /^UID MOVE/, times: 1});
 *     await server.close();
 */
import {once} from 'node:events';
import {type AddressInfo, createServer, type Socket} from 'node:net';
import {Connection} from './connection.ts';
import {type Fault, Faults} from './faults.ts';
import {demoMailboxes, demoNow} from './mailbox.ts';
import {MailboxList, type NamedMailbox} from './mailbox-list.ts';
import type {MailboxState} from './mailbox-state.ts';
import {rawMessage} from './mime.ts';
import {fetchedBy} from './urlauth.ts';
import {type TlsIdentity, Wire} from './wire.ts';

export type {Fault, Faults} from './faults.ts';
export {demoMailboxes, demoNow} from './mailbox.ts';
export type {NamedMailbox} from './mailbox-list.ts';
export {MailboxState} from './mailbox-state.ts';
export {type Message, rawMessage} from './mime.ts';
export {virtualMailbox} from './virtual-mailbox.ts';
export type {TlsIdentity} from './wire.ts';

type User = {readonly user: string; readonly password: string};

export type DemoServerOptions = {
	/** What is announced, before and after login; what is not here is refused. */
	readonly capabilities?: readonly string[];
	/** Made anew for each server. */
	readonly mailboxes?: () => Iterable<NamedMailbox>;
	readonly users?: readonly User[];
	readonly faults?: readonly Fault[];
	/** TLS from the first byte. */
	readonly tls?: TlsIdentity;
	/** Offers STARTTLS. */
	readonly starttls?: TlsIdentity;
	/** Instead of `* OK [CAPABILITY …] …`. */
	readonly greeting?: string;
	/** 0 is any free port. */
	readonly port?: number;
	/** What time it is there, in ms since the epoch; `demoNow` unless told otherwise. */
	readonly clock?: () => number;
	/** Keeps what was said in `transcript`. */
	readonly isRecording?: boolean;
};

export type Said = {readonly connection: number; readonly by: 'client' | 'server'; readonly text: string};

export type DemoServer = {
	readonly port: number;
	readonly faults: Faults;
	/** How many are connected now. */
	readonly connections: number;
	/** Commands (literals in place) and response lines (body literals left out). Empty unless `isRecording`. */
	readonly transcript: readonly Said[];
	/** What the mailbox holds now, to compare with; undefined when there is none of that name. */
	readonly mailbox: (name: string) => MailboxState | undefined;
	/** Another client makes, renames and deletes mailboxes. */
	readonly mailboxes: Pick<MailboxList, 'create' | 'rename' | 'remove'>;
	/** Another client at work. Who has the mailbox selected is told: at once when idle, else after its next command. */
	readonly append: (name: string, raw: Uint8Array | string, flags?: readonly string[], internalDate?: number) => number;
	readonly expunge: (name: string, ...uids: readonly number[]) => void;
	readonly setFlags: (name: string, uid: number, flags: readonly string[]) => void;
	/** Every message gets a new UID, from 1; connections that have the mailbox selected are ended. */
	readonly setUidValidity: (name: string, uidValidity: number) => void;
	/** What a submission server gets by a URL for its user; undefined: nothing. */
	readonly fetchedBy: (reader: string, url: string) => Buffer | undefined;
	/** Ends all connections, in the middle of whatever they say. */
	readonly cut: () => void;
	/** Accepts and listens, says nothing, until thawed. */
	readonly freeze: () => void;
	readonly thaw: () => void;
	readonly close: () => Promise<void>;
};

/** What connections share. */
export type World = {
	readonly capabilities: ReadonlySet<string>;
	readonly mailboxes: MailboxList;
	readonly users: readonly User[];
	readonly faults: Faults;
	readonly starttls: TlsIdentity | undefined;
	readonly greeting: string | undefined;
	readonly record: (connection: number, by: Said['by'], text: string) => void;
	readonly now: () => number;
};

/** As Dovecot 2.3 with everything on, and UTF8=ACCEPT. */
export const fullCapabilities: readonly string[] =
	'IMAP4rev1 SASL-IR LITERAL+ ENABLE IDLE ID NAMESPACE UIDPLUS MOVE UNSELECT ESEARCH LIST-EXTENDED LIST-STATUS SPECIAL-USE CHILDREN CONDSTORE QRESYNC COMPRESS=DEFLATE CATENATE URLAUTH BINARY PREVIEW STATUS=SIZE UTF8=ACCEPT AUTH=PLAIN AUTH=SCRAM-SHA-256'.split(
		' ',
	);

export const demoUser: User = {user: 'demo', password: 'demo'};

export const startDemoServer = async (options: DemoServerOptions = {}): Promise<DemoServer> => {
	const capabilities = new Set(options.capabilities ?? fullCapabilities);
	if (options.starttls !== undefined) capabilities.add('STARTTLS');
	else capabilities.delete('STARTTLS');
	const transcript: Said[] = [];
	const open = new Set<Wire>();
	const ice = gate();
	const world: World = {
		capabilities,
		mailboxes: new MailboxList((options.mailboxes ?? demoMailboxes)()),
		users: options.users ?? [demoUser],
		faults: new Faults(options.faults),
		starttls: options.starttls,
		greeting: options.greeting,
		record: (connection, by, text) => {
			if (options.isRecording === true) transcript.push({connection, by, text});
		},
		now: options.clock ?? (() => demoNow),
	};
	let accepted = 0;

	const serve = async (socket: Socket): Promise<void> => {
		const wire = new Wire(socket, ice.passed);
		open.add(wire);
		socket.on('close', () => open.delete(wire));
		if (options.tls !== undefined) await wire.startTls(options.tls);
		await new Connection(++accepted, world, wire).serve();
	};
	const listener = createServer({allowHalfOpen: true}, socket => void serve(socket));
	listener.listen(options.port ?? 0, '127.0.0.1');
	await once(listener, 'listening');

	const mailbox = (name: string): MailboxState => {
		const found = world.mailboxes.find(name);
		if (found === undefined) throw new Error(`The demo server has no mailbox ${JSON.stringify(name)}.`);
		return found;
	};
	const cut = () => {
		for (const wire of open) wire.destroy();
	};
	return {
		port: (listener.address() as AddressInfo).port,
		faults: world.faults,
		get connections() {
			return open.size;
		},
		transcript,
		mailbox: name => world.mailboxes.find(name),
		mailboxes: world.mailboxes,
		append: (name, raw, flags = [], internalDate = demoNow) =>
			mailbox(name).append({message: rawMessage(Buffer.from(raw)), internalDate}, flags),
		expunge(name, ...uids) {
			for (const uid of uids) mailbox(name).expunge(uid);
		},
		setFlags: (name, uid, flags) => mailbox(name).setFlags(uid, flags),
		setUidValidity: (name, uidValidity) => mailbox(name).rebuild(uidValidity),
		fetchedBy: (reader, url) => fetchedBy(world, reader, url),
		cut,
		freeze: ice.shut,
		thaw: ice.open,
		async close() {
			ice.open();
			const closed = once(listener, 'close');
			listener.close();
			cut();
			await closed;
		},
	};
};

/** Shut, everybody waits at it; open, everybody passes. */
const gate = (): {readonly passed: () => Promise<void>; readonly shut: () => void; readonly open: () => void} => {
	let waiting: Promise<void> | undefined;
	let release = (): void => {};
	return {
		passed: async () => waiting,
		shut() {
			waiting ??= new Promise(resolve => {
				release = resolve;
			});
		},
		open() {
			waiting = undefined;
			release();
		},
	};
};
