/**
 * Real mail, counted: all of the corpus, and as many messages made or broken from it, through APPEND into Dovecot and
 * through the real session (test/helpers/try-mail.ts). Where our own reading of a structure differs, it is listed.
 */
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {brokenMail} from '../test/helpers/broken-mail.ts';
import {nastyMail} from '../test/helpers/nasty-mail.ts';
import {type Letter, type Report, tryMail} from '../test/helpers/try-mail.ts';

const corpus = fileURLToPath(new URL('../../shared/corpus', import.meta.url));
const seed = 1733;
const slowest = 8;

export async function measureCorpus(): Promise<string | undefined> {
	if (!existsSync(corpus) || !existsSync('/usr/sbin/dovecot')) return undefined;
	const letters: Letter[] = readdirSync(corpus)
		.filter(file => file.endsWith('.eml'))
		.map(name => ({name, octets: readFileSync(`${corpus}/${name}`)}));
	const [real, made, broken] = [
		await tryMail(letters),
		await tryMail(nastyMail(seed)),
		await tryMail(brokenMail(letters, letters.length, seed)),
	];
	return [
		'## Real mail',
		'',
		`The corpus of ${letters.length} messages; ${made.opened.length} made to be nasty; as many as the corpus, broken (seed ${seed}). Through APPEND into Dovecot 2.3, opened, read and saved by the real session; parts in base64 come decoded by Dovecot where it can, else by us.`,
		'',
		table([real, made, broken]),
		'',
		'### Parts that are not as Python has them',
		'',
		...differences([real, made, broken]),
		'',
		`### CPU ms of the ${slowest} dearest messages of the corpus, until the text stands there, and of the dearest step besides`,
		'',
		'| message | opened | dearest step |',
		'|---|---|---|',
		...[...real.opened]
			.sort((a, b) => b.openMs - a.openMs)
			.slice(0, slowest)
			.map(each => `| ${each.name} | ${each.openMs.toFixed(0)} | ${each.dearest} ${each.restMs.toFixed(0)} |`),
		'',
		'### Where mailparser, our own reader, sees other parts than Dovecot',
		'',
		'It is asked only where a server’s description cannot be read, or the server sees no text.',
		'',
		'| message | Dovecot | mailparser |',
		'|---|---|---|',
		...real.opened
			.filter(each => each.structure)
			.map(({name, structure}) => `| ${name} | ${cell(structure!.server)} | ${cell(structure!.own)} |`),
		'',
	].join('\n');
}

function table(reports: readonly Report[]): string {
	const count = (what: string, of: (report: Report) => number | string): string =>
		`| ${what} | ${reports.map(of).join(' | ')} |`;
	const shows = (kind: Report['opened'][number]['shows']) => (report: Report) =>
		report.opened.filter(each => each.shows === kind).length;
	return [
		'| | corpus | made | broken |',
		'|---|---|---|---|',
		count('messages', ({opened, refused}) => opened.length + refused.length),
		count('refused by APPEND', ({refused}) => refused.length),
		count('opened', ({opened}) => opened.length),
		count('with text', shows('text')),
		count('with a sentence instead', shows('sentence')),
		count('with neither', shows('nothing')),
		count('hung', ({opened}) => opened.filter(each => each.hung.length > 0).length),
		count('parts', ({parts}) => parts),
		count('saved to the bytes Python decodes', ({equal}) => equal),
		count('not, and Python is wrong', ({differences: all}) => all.filter(each => each.reason !== '').length),
		count('not, without an excuse', ({differences: all}) => all.filter(each => each.reason === '').length),
		count('not saved', ({notSaved}) => notSaved.length),
		count('structure not readable', ({opened}) => opened.filter(each => each.isUndescribed).length),
		count('structure differs from mailparser’s', ({opened}) => opened.filter(each => each.structure).length),
		count('slowest to open, CPU ms', ({opened}) => Math.max(...opened.map(each => each.openMs)).toFixed(0)),
	].join('\n');
}

function differences(reports: readonly Report[]): string[] {
	const counts = new Map<string, number>();
	for (const {reason} of reports.flatMap(report => report.differences))
		counts.set(reason, (counts.get(reason) ?? 0) + 1);
	const refused = reports.flatMap(report => report.refused).map(({name, words}) => `- ${name} refused: ${words}`);
	const unexcused = reports
		.flatMap(report => report.differences)
		.filter(({reason}) => reason === '')
		.map(({name, part, python, ours}) => `- ${name}, part ${part}: ${python} octets, ours ${ours ?? 'none'}`);
	const notSaved = reports.flatMap(report => report.notSaved).map(words => `- ${words}`);
	return [
		...[...counts].map(([reason, count]) => `- ${count} × ${reason || 'no excuse'}`),
		...unexcused,
		...notSaved,
		...refused,
	];
}

const cell = (text: string): string => (text.length > 160 ? `${text.slice(0, 159)}…` : text).replaceAll('|', '\\|');
