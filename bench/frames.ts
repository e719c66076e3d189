/**
 * 20,000 frames at random through the cell terminal, on every terminal, at full speed and at 250 octets a second: each has
 * to be on the screen cell by cell. BONSAI_SEED tries others. How: test/helpers/fuzz-frames.ts.
 */
import {fuzzFrames, fuzzProfiles} from '../test/helpers/fuzz-frames.ts';

const seed = Number(process.env.BONSAI_SEED ?? 1733);
const frames = 20_000 / (2 * fuzzProfiles.length);
/** A run begins with a new window and an empty screen. */
const framesPerRun = 250;

export async function measureFrames(): Promise<string> {
	const rows: string[] = [];
	for (const profile of fuzzProfiles) {
		const [quick, slow] = [await tried(profile.name, false), await tried(profile.name, true)];
		rows.push(`| ${profile.name} | ${quick} | ${slow} |`);
	}
	return [
		'## Frames at random',
		'',
		`${(2 * frames * fuzzProfiles.length).toLocaleString('en-US')} frames from seed ${seed}: text, wide characters, styles, lists, scrolled regions, other windows. Compared with xterm.js`,
		'cell by cell and by the place of the cursor; a sequence the terminal does not know counts as a mismatch. On the slow line',
		'several frames come before one is sent, and some are sent in part.',
		'',
		'| terminal | right, octets a frame | at 250 octets/s: right, octets a frame |',
		'|---|---|---|',
		...rows,
		'',
	].join('\n');
}

async function tried(name: string, isSlow: boolean): Promise<string> {
	const profile = fuzzProfiles.find(each => each.name === name)!;
	let [right, octets] = [0, 0];
	for (let run = 0; right < frames; run++) {
		const result = await fuzzFrames(profile, {seed: seed + run, frames: framesPerRun, isSlow});
		right += framesPerRun;
		octets += result.octets;
	}
	return `${right} of ${right}, ${Math.round(octets / right)}`;
}
