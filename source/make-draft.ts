/** A draft as a message that is kept (source/compose), with the date, the zone and the files of this machine. */
import fs from 'node:fs';
import type {MakeDraft} from './session/session-options.ts';

export const makeDraft: MakeDraft = async (draft, now) => {
	const {composeMessage, dateField, localZone, newMessageId} = await import('./compose/compose.ts');
	const messageId = newMessageId(draft.from.address, now);
	const date = dateField(now, localZone(now));
	const open = (file: string) => fs.createReadStream(file);
	const {pieces} = composeMessage(draft, {messageId, date, open, isDraft: true});
	return {pieces, messageId};
};
