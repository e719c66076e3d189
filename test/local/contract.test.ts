/**
 * What a Remote promises holds for local mail, too, while Dovecot is at work on the same folder: the other client of these
 * tests speaks to it, so that two programs agree on every file.
 */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {dialLocal} from '../../source/local/local-remote.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {collectingContract} from '../remote/collecting-contract.ts';
import {remoteContract} from '../remote/contract.ts';
import type {ContractServer} from '../remote/contract-fixture.ts';
import {mailboxContract} from '../remote/mailbox-contract.ts';

/** Dovecot serves as a user of its own where we are root, and both are to write to these files. */
function becomeOwner(owner: {readonly uid: number; readonly gid: number} | undefined): () => void {
	if (owner === undefined) return () => {};
	process.setegid!(owner.gid);
	process.seteuid!(owner.uid);
	return () => {
		process.seteuid!(0);
		process.setegid!(0);
	};
}

async function startLocal(): Promise<ContractServer> {
	const dovecot = await startDovecot(() => {}, {mailLocation: 'maildir:~/Mail:LAYOUT=fs:UTF-8:INBOX=~/Mail/INBOX'});
	const becomeRoot = becomeOwner(dovecot.owner);
	const state = mkdtempSync(join(tmpdir(), 'bonsai-local-'));
	const dial = dialLocal(join(state, 'maildir.sqlite'));
	return {
		port: dovecot.port,
		password: dovecot.password,
		dial: (dialling, signal) => {
			const folder = join(dovecot.home('contract'), 'Mail');
			return dial({...dialling, account: {...dialling.account, folder}}, signal);
		},
		async stop() {
			becomeRoot();
			await dovecot.stop();
			rmSync(state, {recursive: true, force: true});
		},
	};
}

for (const contract of [remoteContract, collectingContract, mailboxContract])
	contract('local mail, with Dovecot at work on it', startLocal, withoutDovecot, 'local');
