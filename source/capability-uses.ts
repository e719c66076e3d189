/**
 * The extensions Bonsai asks a server about, for `bonsai account check`: what each is used for, and what happens without
 * it. What is asked about anywhere in remote/ or session/ has its line here; a test holds that.
 */

export type CapabilityUse = {
	/** Any of them will do; the first is the one that is missed. */
	readonly names: readonly [string, ...string[]];
	readonly use: string;
	readonly without: string;
};

const used = (names: string, use: string, without: string): CapabilityUse => {
	const [first = '', ...others] = names.split(' ');
	return {names: [first, ...others], use, without};
};

export const capabilityUses: readonly CapabilityUse[] = [
	used('SASL-IR', 'logging in with one turn less', 'one turn more at each login'),
	used('COMPRESS=DEFLATE', 'everything on the line is compressed, to a third or so', 'bytes are as they are'),
	used('IDLE', 'news arrives by itself', 'news when you ask ($)'),
	used('ENABLE', 'QRESYNC and UTF8=ACCEPT are turned on', 'neither of the two can be used'),
	used('QRESYNC', 'disconnected: what changed comes with opening a mailbox', 'flags and removals are compared'),
	used('CONDSTORE', 'disconnected: a mailbox that has not changed is not opened', 'its flags are compared'),
	used('LIST-STATUS', 'all mailboxes with their counts in one turn', 'one question for each mailbox'),
	used('SPECIAL-USE', 'Sent, Drafts, Trash and the like are known', 'they are found by name'),
	used('UTF8=ACCEPT', 'mailbox names and headers in UTF-8', 'names in modified UTF-7'),
	used('BINARY', 'attachments come without base64, a quarter smaller', 'they come as they were sent'),
	used('PREVIEW', 'first words of messages, where they are wished for', 'there are none'),
	used('ESEARCH', 'tagging many, and looking who is still there, in few bytes', 'longer answers, one search at a time'),
	used('MOVE', 'a move is one command', 'copied, marked \\Deleted, and removed'),
	used(
		'UIDPLUS',
		'exactly what you delete is removed, and moves are undone',
		'what is removed for good stays, marked \\Deleted',
	),
	used('CATENATE', 'what of a message lies on the server already is not sent up again', 'all of it goes up'),
	used('URLAUTH', 'a submission server with BURL fetches what you forward', 'it is fetched and sent up again'),
	used('REPLACE', 'a draft is put in the place of its older copy in one command', 'stored, then the older one removed'),
	used('LITERAL+ LITERAL-', 'a short message is stored with one turn less', 'one turn more for each'),
];

/** What of a server's capabilities nothing is done with. */
export function unusedOf(capabilities: Iterable<string>): string[] {
	const known = new Set(capabilityUses.flatMap(({names}) => names));
	// Ways to log in, and what forbids one, are heeded at every login.
	const isOfLogin = (name: string): boolean => /^(AUTH=|IMAP4|LOGINDISABLED$|STARTTLS$)/i.test(name);
	return [...capabilities].filter(name => !known.has(name) && !isOfLogin(name));
}
