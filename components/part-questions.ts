/**
 * What one is asked before a part leaves the program: where to save it, what to feed it to. The price is in the question.
 */
import type {PartNumber} from '../source/model/ids.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import type {OpenMessage, Session} from '../source/session/session.ts';
import {priceWords} from './format.ts';
import {emptyMemory} from './memory.ts';
import type {MessageAt, Program} from './places.ts';
import {spend} from './price-question.ts';
import {safe} from './safe.ts';

/** Asks for a file, unless one was named already and the budget covers it, and before replacing one. */
export function saveFrom(
	session: Session,
	message: OpenMessage,
	part: PartNumber,
	program: Program,
	named: string,
): void {
	const saveUnlessThere = (file: string): void => {
		if (!session.fileExists(file)) message.save(part, file);
		else {
			program.ask({
				kind: 'yes-or-no',
				label: safe`${safeLine(file)} exists. Replace it?`,
				onYes: () => message.save(part, file, {mayReplace: true}),
			});
		}
	};
	if (named !== '') {
		const what = safe`Save to ${safeLine(named)}`;
		spend(session, program, {what, price: message.price([part]), go: () => saveUnlessThere(named)});
	} else {
		program.ask({
			kind: 'line',
			label: safe`Save (${costOf(message, part)}) as: `,
			initial: message.suggestedFile(part),
			onEnter: saveUnlessThere,
		});
	}
}

/** Asks for a folder for several parts, unless one was named already and the budget covers it. */
export function saveAllFrom(
	session: Session,
	message: OpenMessage,
	parts: readonly PartNumber[],
	program: Program,
	named: string,
	onSaved: () => void,
): void {
	const save = (folder: string): void => {
		message.saveAll(parts, folder);
		onSaved();
	};
	const price = message.price(parts);
	if (named !== '') spend(session, program, {what: safe`Save ${parts.length} parts`, price, go: () => save(named)});
	else {
		program.ask({
			kind: 'line',
			label: safe`Save ${parts.length} parts (${price.bytes === 0 ? ours('here') : priceWords(price)}) into the folder: `,
			initial: folderOf(message.suggestedFile(parts[0] as PartNumber)),
			onEnter: save,
		});
	}
}

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/') + 1) || './';

/** Asks for a command, unless one was named already and the budget covers it, and shows what it prints. */
export function pipeFrom(
	session: Session,
	at: MessageAt,
	message: OpenMessage,
	part: PartNumber,
	program: Program,
	named: string,
): void {
	const {mailbox, id, list} = at;
	const pipe = (command: string): void => {
		message.pipe(part, command);
		program.open({screen: 'viewer', of: 'pipe', memory: emptyMemory(), mailbox, id, part: at.part, list});
	};
	if (named !== '') {
		const what = safe`Feed it to ${safeLine(named)}`;
		spend(session, program, {what, price: message.price([part]), go: () => pipe(named)});
	} else program.ask({kind: 'line', label: safe`Feed (${costOf(message, part)}) to: `, initial: '', onEnter: pipe});
}

function costOf(message: OpenMessage, part: PartNumber): SafeText {
	const price = message.price([part]);
	return price.bytes === 0 ? ours('here') : priceWords(price);
}
