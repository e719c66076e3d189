/**
 * What can go wrong, on purpose. A fault is added when the server starts or later (`server.faults.add`), and stays until
 * it was used `times` times (always, when that is not given) or is cleared.
 *
 * `command` is matched against a command without its tag: `UID FETCH 1:3 (FLAGS)`, with literals in place.
 *
 *     server.faults.add({kind: 'refuse', command: /^UID STORE/, answer: 'NO', text: 'Not today', times: 1});
 *     server.faults.add({kind: 'cut-after', command: /^UID MOVE/, times: 1});   // done, but the answer is lost
 */
type Times = {readonly times?: number};
type OnCommand = Times & {readonly command: RegExp};

export type Fault =
	/** The connection ends when it has sent exactly so many bytes (below DEFLATE, above TLS). */
	| (Times & {readonly kind: 'cut'; readonly afterBytes: number})
	/** The connection ends before the command is obeyed. */
	| (OnCommand & {readonly kind: 'cut-before'})
	/** The command is obeyed, and the connection ends before anything about it is sent. */
	| (OnCommand & {readonly kind: 'cut-after'})
	/** The same, when so many bytes of its answer were sent (below DEFLATE); its tagged reply never is. */
	| (OnCommand & {readonly kind: 'cut-within'; readonly afterBytes: number})
	/** COPY, MOVE and APPEND do not say which UIDs there are now (COPYUID, APPENDUID). */
	| (OnCommand & {readonly kind: 'no-new-uids'})
	/** The mailbox has no change numbers for whom opens it now (NOMODSEQ). */
	| (OnCommand & {readonly kind: 'no-modseq'})
	/** Before the command is obeyed, a mailbox is made anew: who has it open is thrown out. */
	| (OnCommand & {readonly kind: 'rebuild'; readonly mailbox: string; readonly uidValidity: number})
	/** Before the command is obeyed, another program removes a message, unless the mailbox was made anew since. */
	| (OnCommand & {
			readonly kind: 'expunge';
			readonly mailbox: string;
			readonly uidValidity: number;
			readonly expunged: number;
	  })
	/** The command is obeyed after a while. */
	| (OnCommand & {readonly kind: 'delay'; readonly ms: number})
	/** The command is not obeyed; `text` may begin with a response code. */
	| (OnCommand & {readonly kind: 'refuse'; readonly answer: 'NO' | 'BAD'; readonly text: string})
	/** The server says BYE and ends the connection instead of obeying. */
	| (OnCommand & {readonly kind: 'bye'; readonly text?: string})
	/** Obeyed, but the tagged reply comes after the next command's (when one is already waiting). */
	| (OnCommand & {readonly kind: 'reorder'})
	/** Neither obeyed nor answered; what comes after it is. */
	| (OnCommand & {readonly kind: 'silence'})
	/** The row of that message is no legal response line. */
	| (Times & {readonly kind: 'malformed-row'; readonly uid: number})
	/** The BODYSTRUCTURE of that message has matching parentheses and no meaning. */
	| (Times & {readonly kind: 'malformed-structure'; readonly uid: number})
	/** The row of that message does not come; the command is answered OK. */
	| (Times & {readonly kind: 'omit-row'; readonly uid: number})
	/** A body section comes with more bytes than were asked for. */
	| (Times & {readonly kind: 'long-literal'; readonly extraBytes: number; readonly uid?: number})
	/** A range of a body section is answered with all of the section. */
	| (Times & {readonly kind: 'whole-section'; readonly uid?: number})
	/** A range of a body section is answered with no more than so many of its octets. */
	| (Times & {readonly kind: 'short-section'; readonly mostBytes: number; readonly uid?: number})
	/** A body section comes with other octets than it has. */
	| (Times & {readonly kind: 'other-octets'; readonly uid?: number})
	/** The structure announces so many octets more (less, when negative) than each part has. */
	| (Times & {readonly kind: 'false-size'; readonly addBytes: number; readonly uid?: number});

export type FaultKind = Fault['kind'];
type FaultOf<K extends FaultKind> = Extract<Fault, {readonly kind: K}>;

export class Faults {
	#entries: {readonly fault: Fault; left: number}[] = [];

	constructor(faults: readonly Fault[] = []) {
		this.add(...faults);
	}

	add(...faults: readonly Fault[]): void {
		for (const fault of faults) this.#entries.push({fault, left: fault.times ?? Number.POSITIVE_INFINITY});
	}

	clear(): void {
		this.#entries = [];
	}

	/** The first fault of that kind that applies, and one use of it. */
	take<K extends FaultKind>(kind: K, applies: (fault: FaultOf<K>) => boolean = () => true): FaultOf<K> | undefined {
		const entry = this.#entries.find(
			({fault, left}) => left > 0 && fault.kind === kind && applies(fault as FaultOf<K>),
		);
		if (entry === undefined) return undefined;
		entry.left--;
		return entry.fault as FaultOf<K>;
	}

	takeFor<K extends FaultOfCommand>(kind: K, command: string): FaultOf<K> | undefined {
		return this.take(kind, (fault: Fault) => 'command' in fault && fault.command.test(command));
	}

	takeForRow<K extends FaultOfRow>(kind: K, uid: number): FaultOf<K> | undefined {
		return this.take(kind, (fault: Fault) => !('uid' in fault) || fault.uid === undefined || fault.uid === uid);
	}
}

type FaultOfCommand = Extract<Fault, OnCommand>['kind'];
type FaultOfRow = Extract<Fault, {readonly uid?: number}>['kind'];
