/** A draft as a message (source/compose), with the date, the zone and the files of this machine. nodemailer is loaded here. */
import fs from 'node:fs';
import type {MakeLetter} from './session/session-options.ts';

export const makeLetter: MakeLetter = async (draft, now) => {
	const {composeMessage, dateField, localZone, newMessageId} = await import('./compose/compose.ts');
	const messageId = newMessageId(draft.from.address, now);
	const date = dateField(now, localZone(now));
	return {...composeMessage(draft, {messageId, date, open: ({file}) => fs.createReadStream(file)}), messageId};
};
