/** Names of messages and parts as URLs (RFC 5092), and what lets a submission server fetch by one (URLAUTH, RFC 4467). Pure. */
import type {PartOnServer} from '../model/piece.ts';

export type UrlOwner = {
	/** As the mail server is called in its URLs. */
	readonly host: string;
	/** Whose mailboxes these are. */
	readonly user: string;
	/** Of the submission server, who may fetch. */
	readonly reader: string;
	/** Until when, in ms since the epoch. */
	readonly until: number;
};

/** Relative to the server that is asked; names of mailboxes are UTF-8 there, whatever they are on the line. */
export function pathOf({
	mailbox,
	uidValidity,
	uid,
	part,
}: Pick<PartOnServer, 'mailbox' | 'uidValidity' | 'uid' | 'part'>) {
	const name = encodeURIComponent(mailbox).replaceAll('%2F', '/');
	return `/${name};UIDVALIDITY=${uidValidity}/;UID=${uid}${part === '' ? '' : `/;SECTION=${part}`}`;
}

/** Still without what proves it, which the server adds. */
export function urlFor(part: PartOnServer, {host, user, reader, until}: UrlOwner): string {
	const expires = new Date(until).toISOString().replace(/\.\d+Z$/, 'Z');
	const access = `;EXPIRE=${expires};URLAUTH=submit+${encodeURIComponent(reader)}`;
	return `imap://${encodeURIComponent(user)}@${host}${pathOf(part)}${access}`;
}
