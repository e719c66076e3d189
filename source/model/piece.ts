/**
 * A message in pieces: octets of ours, and parts of messages that lie on a server and are taken from there as they are
 * (BURL of RFC 4468 when it is sent, CATENATE of RFC 4469 when it is stored). Pure.
 */
import type {AccountName, PartNumber} from './ids.ts';
import type {Place} from './operation.ts';

/** A part of a message on a server, as it was sent: still in its transfer encoding, without its own header. */
export type PartOnServer = Place & {
	readonly account: AccountName;
	/** '' is the whole message, `TEXT` all of it behind its header (RFC 9051 §6.4.5.1). */
	readonly part: PartNumber;
	/** In octets, as sent. */
	readonly sizeBytes: number;
	/** Content-Transfer-Encoding in lower case; of a whole message what its parts need (RFC 2046 §5.2.1). */
	readonly encoding: string;
};

/**
 * `own`: so many octets of the message's file, each such piece behind the one before it. `at`: what lies on a server.
 */
export type Piece =
	| {readonly own: number; readonly at?: undefined}
	| {readonly at: PartOnServer; readonly own?: undefined};

/** What of a message comes from servers. */
export const partsOf = (pieces: readonly Piece[] = []): readonly PartOnServer[] => pieces.flatMap(({at}) => at ?? []);

/** Octets of ours: all that goes into the line. */
export const ownBytes = (pieces: readonly Piece[]): number => pieces.reduce((sum, {own = 0}) => sum + own, 0);

/** What may stand behind a header of ours as it is: what is binary cannot travel by mail, and what is unknown is not told. */
export const maySendAsIs = (encoding: string): boolean => /^(7bit|8bit|base64|quoted-printable)$/.test(encoding);
