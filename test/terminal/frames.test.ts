/** Frames at random on every terminal (2,000 here; `npm run bench -- frames` tries ten times as many, BONSAI_SEED others). */
import {describe, test} from 'node:test';
import {fuzzFrames, fuzzProfiles} from '../helpers/fuzz-frames.ts';

const seed = Number(process.env.BONSAI_SEED ?? 1733);
const frames = Math.ceil(2000 / (2 * fuzzProfiles.length));

describe(`frames at random, seed ${seed}`, {timeout: 120_000}, () => {
	for (const profile of fuzzProfiles) {
		test(`${profile.name} shows cell by cell what was wanted`, async () => {
			await fuzzFrames(profile, {seed, frames});
		});
		test(`${profile.name} shows it in the end when the line takes 250 octets a second`, async () => {
			await fuzzFrames(profile, {seed: seed + 1, frames, isSlow: true});
		});
	}
});
