/**
 * A process of its own with a real session in it that brings a draft to the server, to be killed in the middle. Run as a
 * program it is that process; imported, it starts one.
 */
import {type ChildProcess, fork} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {makeDraft} from '../../source/make-draft.ts';
import type {AccountName} from '../../source/model/ids.ts';
import {dialImap} from '../../source/remote/imap.ts';
import {createSession} from '../../source/session/account-session.ts';
import {plainAccount} from './plain-account.ts';

type KeepingOptions = {
	readonly port: number;
	/** Of the account. */
	readonly folder: string;
	readonly name: AccountName;
	readonly draft: string;
};

export const startKeeping = (options: KeepingOptions): ChildProcess =>
	fork(fileURLToPath(import.meta.url), [JSON.stringify(options)], {execArgv: ['--import', 'tsx'], stdio: 'ignore'});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const {port, folder, name, draft} = JSON.parse(process.argv[2]!) as KeepingOptions;
	const session = createSession({
		account: plainAccount(port, {name}),
		secret: async () => 'demo',
		dial: dialImap,
		remembered: {get: () => undefined, set: () => {}},
		folder,
		makeDraft,
	});
	// Whatever goes wrong on the line, it is there until it is killed.
	setInterval(() => {}, 1000);
	session.post.keepDraft(draft);
	session.dial();
}
