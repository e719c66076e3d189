/**
 * Names for things, so that one cannot be passed where another is meant.
 *
 * A MessageId is ours: it stays the same for as long as the program runs, while a UID belongs to one
 * UIDVALIDITY and a sequence number to one moment of one connection (RFC 9051 §2.3.1).
 */
declare const brand: unique symbol;
type Branded<T, Name extends string> = T & {readonly [brand]: Name};

/** The account's name in the configuration: `work`, `demo`. */
export type AccountName = Branded<string, 'AccountName'>;

/**
 * A mailbox's full name, decoded; `INBOX` in capitals. Not safe to show. remote/ knows how the server spells it
 * (modified UTF-7 or UTF-8) and sends it back as it came.
 */
export type MailboxPath = Branded<string, 'MailboxPath'>;

/** Our own number for a message, unique within a session. */
export type MessageId = Branded<number, 'MessageId'>;

/** A part's number as IMAP spells it (`1`, `2.1`); `''` is the message itself (RFC 9051 §6.4.5.1). */
export type PartNumber = Branded<string, 'PartNumber'>;

export const accountName = (name: string): AccountName => name as AccountName;
export const mailboxPath = (path: string): MailboxPath => path as MailboxPath;
export const messageId = (id: number): MessageId => id as MessageId;
export const partNumber = (number: string): PartNumber => number as PartNumber;

export const inbox: MailboxPath = mailboxPath('INBOX');
/** The account of mail on this disk, there by itself once there is any. */
export const localName: AccountName = accountName('Local');
/** The account on the built-in server. */
export const demoName: AccountName = accountName('demo');
