/** A command that shows and changes numbers of an account in the configuration (`bonsai wishes`, `bonsai drains`), on one of its own. */
import assert from 'node:assert/strict';
import {Writable} from 'node:stream';
import type {TestContext} from 'node:test';
import {readCommandLine, type Wanted} from '../../source/command-line/command-line.ts';
import {createOutput, type Output} from '../../source/commands/output.ts';
import {Config} from '../../source/config.ts';
import type {Account} from '../../source/model/account.ts';
import {ownFolder} from './own-folder.ts';
import {plainAccount} from './plain-account.ts';

export function accountSettings<Name extends Wanted['command']>(
	context: TestContext,
	name: Name,
	command: (config: Config, account: Account, wanted: Extract<Wanted, {command: Name}>, output: Output) => number,
) {
	const folder = ownFolder(context);
	const configured = () => new Config({BONSAI_HOME: folder});
	configured().addAccount(plainAccount(143));
	/** The account as the configuration has it. */
	const kept = (): Account => {
		const [account] = configured().accounts;
		assert.ok(account);
		return account;
	};
	/** What it prints with these words. */
	const run = (...words: readonly string[]): string => {
		const wanted = readCommandLine([name, ...words]);
		assert.equal(wanted.command, name);
		let heard = '';
		const stdout = new Writable({
			write(bytes, _encoding, done) {
				heard += String(bytes);
				done();
			},
		});
		const around = {stdout, stderr: stdout, columns: undefined, isWatched: false, isAscii: false};
		const output = createOutput({...around, toAscii: text => text});
		assert.equal(command(configured(), kept(), wanted as Extract<Wanted, {command: Name}>, output), 0);
		return heard;
	};
	return {kept, run};
}
