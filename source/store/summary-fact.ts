/** The summary of a message as a fact: what its row shows, and what else of its header is kept on the disk. */
import {type MailboxPath, type MessageId, messageId} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import type {SafeText} from '../model/safe-text.ts';

export type SummaryFact = {
	readonly id: MessageId;
	readonly mailbox: MailboxPath;
	readonly uid: number;
	readonly sender: SafeText;
	/** The whole From: names and addresses. */
	readonly fromField: SafeText;
	readonly subject: SafeText;
	readonly date: number | undefined;
	readonly sizeBytes: number;
	readonly flags: ReadonlySet<Flag>;
	/** Undefined: not fetched (law 17), which is not the same as empty. */
	readonly kept?: KeptFields | undefined;
};

/** What a summary has besides that is kept on the disk. */
export type KeptFields = {
	readonly to: SafeText;
	readonly cc: SafeText;
	/** As sent, with their angle brackets; '' when there is none. */
	readonly messageId: string;
	readonly inReplyTo: string;
	readonly references: string;
};

export type SummaryRow = {
	id: number;
	mailbox: string;
	uid: number;
	sender: string;
	from_field: string;
	subject: string;
	date: number | null;
	size_bytes: number;
	flags: string;
	to_field: string | null;
	cc_field: string | null;
	message_id: string | null;
	in_reply_to: string | null;
	reference_ids: string | null;
};

export const asSummary = (row: SummaryRow): SummaryFact => ({
	id: messageId(row.id),
	mailbox: row.mailbox as MailboxPath,
	uid: row.uid,
	sender: row.sender as SafeText,
	fromField: row.from_field as SafeText,
	subject: row.subject as SafeText,
	date: row.date ?? undefined,
	sizeBytes: row.size_bytes,
	flags: new Set(row.flags === '' ? [] : row.flags.split(' ')),
	kept:
		row.message_id === null
			? undefined
			: {
					to: (row.to_field ?? '') as SafeText,
					cc: (row.cc_field ?? '') as SafeText,
					messageId: row.message_id,
					inReplyTo: row.in_reply_to ?? '',
					references: row.reference_ids ?? '',
				},
});
