/**
 * Bytes spent, by purpose. Counted at the TCP socket, below TLS and DEFLATE (law 8).
 */
export const purposes = [
	'connect',
	'mailboxes',
	'rows',
	'structure',
	'text',
	'parts',
	'headers',
	'operations',
	'waiting',
] as const;
export type Purpose = (typeof purposes)[number];

export type Usage = {
	readonly upBytes: number;
	readonly downBytes: number;
	/** Times we spoke after the server had spoken: each cost one round trip. */
	readonly turns: number;
	readonly byPurpose: Readonly<Record<Purpose, number>>;
};
