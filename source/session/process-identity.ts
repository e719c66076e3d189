/**
 * Who a process is, so that what it left behind when it died is not taken for something it still holds: a number alone
 * is given again after a restart of the machine.
 */
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import process from 'node:process';

/** Its number and when it began; undefined when there is no such process. */
function identityOf(pid: number): string | undefined {
	try {
		process.kill(pid, 0);
	} catch (error) {
		// EPERM: it is there, and somebody else's.
		if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
	}
	return `${pid} ${beginningOf(pid)}`;
}

function beginningOf(pid: number): string {
	try {
		// Behind the name, which may hold anything, the 20th field is the start, in ticks since the machine's (proc(5)).
		const ticks = fs.readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ')[19];
		return `${ticks} ${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}`;
	} catch {
		try {
			return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
				encoding: 'utf8',
				env: {...process.env, LC_ALL: 'C', TZ: 'UTC'},
				stdio: ['ignore', 'pipe', 'ignore'],
			}).trim();
		} catch {
			return '';
		}
	}
}

let own: string | undefined;

export function ownIdentity(): string {
	own ??= identityOf(process.pid) ?? String(process.pid);
	return own;
}

/** Whether the process that called itself so is still there. */
export const isAlive = (identity: string): boolean => identityOf(Number.parseInt(identity, 10)) === identity;
