/**
 * Real mail on a real server, in the real session: nothing crashes, nothing hangs, everything says something, and every
 * part is saved to the bytes that Python decodes. The corpus lies beside the repository, or its tests are skipped; what
 * breaks is mended with a small test of its own, in the room where it broke.
 */
import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {brokenMail} from '../helpers/broken-mail.ts';
import {withoutDovecot} from '../helpers/dovecot.ts';
import {nastyMail} from '../helpers/nasty-mail.ts';
import {type Letter, type Report, tryMail} from '../helpers/try-mail.ts';

const corpus = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
const withoutCorpus = existsSync(corpus) ? false : 'no corpus at ../shared/corpus';
const skip = withoutDovecot || withoutCorpus;
const letters = (): Letter[] =>
	readdirSync(corpus)
		.filter(file => file.endsWith('.eml'))
		.map(name => ({name, octets: readFileSync(`${corpus}/${name}`)}));

/** Of CPU of this process, for one message. The dearest of the corpus takes a hundredth of it. */
const mostMs = 2000;
const seed = 1733;

/** What is true of any mail. */
function assertSound({opened, unlisted, differences, notSaved}: Report): void {
	assert.deepEqual(unlisted, [], 'all that were taken stand in the list');
	const named = (wanted: (each: Report['opened'][number]) => boolean) => opened.filter(wanted).map(({name}) => name);
	assert.deepEqual(
		named(each => each.hung.length > 0),
		[],
		'nothing hangs',
	);
	assert.deepEqual(
		named(each => each.openMs > mostMs),
		[],
		'nothing takes long to open',
	);
	assert.deepEqual(
		named(each => each.shows === 'nothing'),
		[],
		'each shows a text, or says why not',
	);
	assert.deepEqual(notSaved, [], 'every part is saved');
	assert.deepEqual(
		differences.filter(each => each.reason === ''),
		[],
		'every part is what Python decodes, or Python is known to be wrong',
	);
}

describe('mail as nobody writes it', {skip: withoutDovecot, timeout: 300_000}, () => {
	it(`is listed, opened, read and saved (seed ${seed})`, async () => {
		assertSound(await tryMail(nastyMail(seed)));
	});
});

describe('mail as it comes', {skip, timeout: 300_000}, () => {
	if (skip) console.log(`skipped: ${skip}`);

	it('is listed, opened, read and saved: all of the corpus', async () => {
		const all = letters();
		const report = await tryMail(all);
		assertSound(report);
		assert.equal(report.opened.length + report.refused.length, all.length);
		assert.ok(report.parts > 1500 && report.equal > report.parts * 0.99, `${report.equal} of ${report.parts} parts`);
	});

	it(`is listed, opened, read and saved when it is broken (seed ${seed})`, async () => {
		assertSound(await tryMail(brokenMail(letters(), 100, seed)));
	});
});
