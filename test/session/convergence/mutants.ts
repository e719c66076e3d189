/**
 * Bonsai with one thing wrong: each is a way to lose or double mail, or to show what is not so, that somebody's program has
 * had. The convergence test has to notice every one of them (docs/decisions/0029-convergence.md).
 *
 * A mutant is a few words of a file of `source` replaced in a copy of it; the texts have to stand there exactly once.
 */
import {execFile} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

type Mutant = {
	readonly name: string;
	/** The file it is in, the text there, and what stands there instead. */
	readonly changes: readonly (readonly [file: string, text: string, instead: string])[];
	/** Seeds that have killed it. */
	readonly killers: readonly number[];
};

export const mutants: readonly Mutant[] = [
	{
		name: 'settle before sending',
		changes: [
			[
				'session/replay-changes.ts',
				"		marks.mark(batches, 'sending');\n		await each(uidCommands(batches), async command => {\n			const",
				'		marks.settle(batches);\n		await each(uidCommands(batches), async command => {\n			const',
			],
		],
		killers: [2],
	},
	{
		name: 'views without the log',
		changes: [
			[
				'session/operations.ts',
				'this.#projections.flagsOf(place, this.#options.own?.flagsOf(place, flags) ?? flags)',
				'flags',
			],
			['session/operations.ts', 'this.#projections.isGoing(place) ||', ''],
		],
		killers: [1],
	},
	{
		name: 'HIGHESTMODSEQ advanced when the mailbox is opened, before what it covers is stored',
		changes: [
			[
				'session/mailbox-sync.ts',
				"		if (this.#plan === 'start-over') this.#startOver(selected);",
				"		block.learn({highestModseq: selected.highestModseq});\n		if (this.#plan === 'start-over') this.#startOver(selected);",
			],
		],
		killers: [2],
	},
	{
		name: 'no look-up after a lost answer: sent again',
		changes: [
			[
				'session/replay-step.ts',
				"	if (first.state === 'waiting') return {do: isByMove",
				"	if (first.state !== 'copied') return {do: isByMove",
			],
		],
		killers: [6],
	},
	{
		name: 'VANISHED dropped',
		changes: [
			['session/mailbox-sync.ts', 'this.#apply(selected, gone, flags);\n', 'this.#apply(selected, [], flags);\n'],
		],
		killers: [1],
	},
	{
		name: 'a message of the same Message-ID taken for the copy, whatever its size',
		changes: [
			['session/replay-look-ups.ts', '{messageId, sizeBytes: sizes.get(message)}', '{messageId, sizeBytes: undefined}'],
		],
		killers: [65],
	},
	{
		name: 'UIDVALIDITY not compared',
		changes: [['session/sync-plan.ts', ' || before.uidValidity !== now.uidValidity) return', ') return']],
		killers: [1],
	},
	{
		name: 'an EXPUNGE taken for the message that stood there when the mailbox was last compared',
		changes: [['session/mailbox-news.ts', 'return !this.#isKept || this.#around.sync.isDone;', 'return true;']],
		killers: [174],
	},
	{
		name: 'rows taken for certain that were not told again, though something came or went',
		changes: [
			['session/mailbox-news.ts', 'rows.positions.doubt();', 'rows.positions.age();'],
			[
				'session/mailbox-rows.ts',
				'if (this.positions.at(sequence) === id) this.positions.learn(sequence, id);',
				'this.positions.learn(sequence, this.positions.at(sequence) ?? id);',
			],
		],
		killers: [3],
	},
	{
		name: 'flags not asked for again after a lost line',
		changes: [['session/mailbox-news.ts', 'if (this.#areFlagsOurs(isReadOnly)) rows', 'if (count > 0) rows']],
		killers: [5],
	},
	{
		name: 'what was marked as sent forgotten when the program is killed',
		changes: [
			[
				'session/replay-changes.ts',
				"		marks.mark(batches, 'sending');\n		await each(uidCommands(batches), async command => {\n			try",
				'		await each(uidCommands(batches), async command => {\n			try',
			],
		],
		killers: [6],
	},
	{
		name: 'a mailbox deleted with what came since',
		changes: [['session/replay-mailboxes.ts', 'if (came === 0) return true;', 'if (came >= 0) return true;']],
		killers: [98],
	},
	{
		name: 'what is to go and is gone hides another',
		changes: [
			['session/going.ts', 'leaving.filter(uid => known.has(uid) || !block.isGone(uid))', 'leaving'],
			['session/going.ts', 'isAllPlaced ? undefined : block.sequences', 'isAllPlaced ? undefined : undefined'],
		],
		killers: [36],
	},
	{
		name: 'a copy that turns up is the original of its half done move',
		changes: [['store/log-following.ts', 'settleHalves(log, known.id, to);', '']],
		killers: [18209],
	},
];

const root = fileURLToPath(new URL('../../../', import.meta.url));
const needed = ['package.json', 'tsconfig.json', 'source', 'test/helpers', 'test/session/convergence'];

/** Where the texts of a mutant do not stand exactly once. */
export const misplaced = ({changes}: Mutant): string[] =>
	changes
		.filter(([file, text]) => fs.readFileSync(path.join(root, 'source', file), 'utf8').split(text).length !== 2)
		.map(([file, text]) => `${file}: ${text}`);

/** The first of these seeds that kills it, and what it said; undefined: it lives. */
export async function killer(
	mutant: Mutant,
	first: number,
	last: number,
): Promise<{readonly seed: number; readonly because: string} | undefined> {
	const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-mutant-'));
	try {
		for (const each of needed) fs.cpSync(path.join(root, each), path.join(copy, each), {recursive: true});
		fs.symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
		for (const [file, text, instead] of mutant.changes) {
			const at = path.join(copy, 'source', file);
			fs.writeFileSync(
				at,
				fs.readFileSync(at, 'utf8').replace(text, () => instead),
			);
		}
		const script = path.join(copy, 'test/session/convergence/run-seeds.ts');
		const args = ['--import', 'tsx', script, `${first}`, `${last}`, 'first'];
		const {stdout} = await promisify(execFile)(process.execPath, args, {cwd: copy, maxBuffer: 64_000_000});
		const failed = stdout.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line)]));
		const found = failed.find(({because}) => because !== undefined);
		return found && {seed: found.seed, because: found.because};
	} finally {
		fs.rmSync(copy, {recursive: true, force: true});
	}
}
