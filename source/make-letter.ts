/**
 * A draft as a message (source/compose), with the date, the zone and the files of this machine; one that is sent on as it
 * is gets its fields in front. nodemailer is loaded here.
 */
import fs from 'node:fs';
import {type Attachment, type Draft, isAttachedMessage} from './model/draft.ts';
import {maySendAsIs, type PartOnServer} from './model/piece.ts';
import type {MakeLetter} from './session/session-options.ts';

export const makeLetter: MakeLetter = async (draft, now) => {
	const {composeMessage, dateField, localZone, newMessageId} = await import('./compose/compose.ts');
	const messageId = newMessageId(draft.from.address, now);
	const date = dateField(now, localZone(now));
	if (draft.resends !== undefined) return resent(draft, draft.resends, {messageId, date});
	const attachments = await Promise.all(draft.attachments.map(withEncoding));
	const open = (file: string) => fs.createReadStream(file);
	return {...composeMessage({...draft, attachments}, {messageId, date, open}), messageId};
};

/** A message may not be encoded when it is attached, so that what it holds decides how it can travel (RFC 2046 §5.2.1). */
async function withEncoding(attachment: Attachment): Promise<Attachment> {
	const {file} = attachment;
	if (file === undefined || !isAttachedMessage(attachment)) return attachment;
	return {...attachment, isEightBit: await isEightBit(file)};
}

async function isEightBit(file: string): Promise<boolean> {
	for await (const octets of fs.createReadStream(file) as AsyncIterable<Buffer>)
		if (octets.some(octet => octet > 127)) return true;
	return false;
}

type Made = Awaited<ReturnType<MakeLetter>>;

/** RFC 5322 §3.6.6. Without what a server that has delivered it once put there: it would take it for going in circles. */
async function resent(
	draft: Draft,
	{file, at, header: known}: NonNullable<Draft['resends']>,
	{messageId, date}: {readonly messageId: string; readonly date: string},
): Promise<Made> {
	const [{resentFields, draftProblems, DraftProblem}, {readSubmitted}, {wireLines}] = await Promise.all([
		import('./compose/compose.ts'),
		import('./compose/submitted.ts'),
		import('./compose/wire-lines.ts'),
	]);
	const [problem] = draftProblems(draft);
	if (problem !== undefined) throw new DraftProblem(problem);
	if (at !== undefined && !maySendAsIs(at.encoding))
		throw new DraftProblem('The message cannot travel as it lies on the server: fetch it first');
	const {from, to, cc, bcc} = draft;
	const shown = [...to, ...cc];
	const ofResending = resentFields({from, to: shown.length > 0 ? shown : [from], messageId, date});
	const read = readSubmitted(
		`${ofResending.toString('latin1')}${file === undefined ? known : await headerOf(file, wireLines)}`,
		{
			from: from.address,
			recipients: [...shown, ...bcc].map(({address}) => address),
			takesRecipients: false,
			writer: from,
			newMessageId: () => messageId,
			date,
		},
	);
	if ('problem' in read) throw new DraftProblem(read.problem);
	const {header, envelope, needsUtf8} = read;
	async function* pieces(): AsyncGenerator<Buffer | PartOnServer> {
		yield header;
		if (file === undefined) return yield at;
		const lines = wireLines({endsAtDot: false});
		for await (const each of fs.createReadStream(file) as AsyncIterable<Buffer>) yield lines.write(each);
		yield lines.end();
	}
	const hasEightBit =
		file === undefined ? at.encoding === '8bit' || /[\x80-\xff]/.test(known ?? '') : await isEightBit(file);
	return {pieces: pieces(), envelope, isEightBit: hasEightBit, needsUtf8, messageId};
}

async function headerOf(file: string, wireLines: typeof import('./compose/wire-lines.ts').wireLines): Promise<string> {
	const lines = wireLines({endsAtDot: false});
	for await (const each of fs.createReadStream(file) as AsyncIterable<Buffer>) {
		lines.write(each);
		if (lines.header !== undefined) return lines.header;
	}
	lines.end();
	return lines.header ?? '';
}
