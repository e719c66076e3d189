/**
 * Every option there is. Pure. Which command takes which is in command-line.ts; another command's is a mistake.
 */
import {parseArgs} from 'node:util';
import {UsageProblem} from './usage-problem.ts';

export const options = {
	help: {type: 'boolean', short: 'h'},
	version: {type: 'boolean', short: 'V'},
	account: {type: 'string', short: 'a'},
	mailbox: {type: 'string', short: 'm'},
	budget: {type: 'string'},
	model: {type: 'string'},
	'dry-run': {type: 'boolean'},
	'remove-many': {type: 'boolean'},
	'session-budget': {type: 'string'},
	plain: {type: 'boolean'},
	slow: {type: 'boolean'},
	link: {type: 'string'},
	imap: {type: 'string'},
	tunnel: {type: 'string'},
	folder: {type: 'string'},
	local: {type: 'boolean'},
	user: {type: 'string'},
	security: {type: 'string'},
	'password-command': {type: 'string'},
	'password-env': {type: 'string'},
	'password-keyring': {type: 'boolean'},
	authentication: {type: 'string'},
	certificate: {type: 'string'},
	disable: {type: 'string'},
	special: {type: 'string', multiple: true},
	smtp: {type: 'string'},
	'smtp-security': {type: 'string'},
	'smtp-password-command': {type: 'string'},
	'smtp-password-env': {type: 'string'},
	'sendmail-command': {type: 'string'},
	identity: {type: 'string', multiple: true},
	signature: {type: 'string', multiple: true},
	'identity-in': {type: 'string', multiple: true},
	'sent-copies': {type: 'string'},
	drafts: {type: 'string'},
	replace: {type: 'boolean'},
	json: {type: 'boolean'},
	usage: {type: 'boolean'},
	limit: {type: 'string'},
	uidvalidity: {type: 'string'},
	part: {type: 'string'},
	headers: {type: 'boolean'},
	all: {type: 'boolean'},
	add: {type: 'string', multiple: true},
	remove: {type: 'string', multiple: true},
	forever: {type: 'boolean'},
	again: {type: 'string'},
	undo: {type: 'string'},
	arrived: {type: 'string'},
	hold: {type: 'string'},
	release: {type: 'string'},
	discard: {type: 'string'},
	'no-wait': {type: 'boolean'},
	/** The mailbox that is moved or copied to is one of this account. */
	'to-account': {type: 'string'},
	summaries: {type: 'string'},
	text: {type: 'string'},
	parts: {type: 'string'},
	previews: {type: 'string'},
	disk: {type: 'string'},
	leave: {type: 'string'},
	'older-than': {type: 'string'},
	'not-above': {type: 'string'},
	reset: {type: 'boolean'},
} as const;

export type OptionName = keyof typeof options;
export type Values = ReturnType<typeof readOptions>['values'];

/** Throws a UsageProblem. */
export function readOptions(words: readonly string[]) {
	try {
		return parseArgs({args: [...words], options, allowPositionals: true, strict: true});
	} catch (error) {
		throw new UsageProblem((error as Error).message.replace(/\. To specify a positional.*$/s, ''));
	}
}

/** Throws a UsageProblem that names what does not belong there. */
export function refuseForeignOptions(command: string, values: Values, own: readonly OptionName[]): void {
	for (const name of Object.keys(values) as OptionName[]) {
		if (!own.includes(name)) throw new UsageProblem(`--${name} is no option of ${`bonsai ${command}`.trim()}`);
	}
}
