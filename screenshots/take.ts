/**
 * Writes every screen as text, SVG and PNG into this folder: `npm run screenshots`. Look at what changed before you
 * commit it. A screen that reads as before (rates and seconds apart) is left as it is, so that nothing changes for
 * nothing; `-- --all` draws all of them anew, `-- --all parts help` those two.
 */
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {pngOf, svgOf} from './draw.ts';
import {maskOf, shots, textOf, visit} from './screens.ts';

const words = process.argv.slice(2);
const isAll = words.includes('--all');
const names = words.filter(word => !word.startsWith('--'));
const fileOf = (name: string, kind: string): string => fileURLToPath(new URL(`${name}.${kind}`, import.meta.url));

for (const shot of shots.filter(each => names.length === 0 || names.includes(each.name))) {
	const bonsai = await visit(shot);
	const text = textOf(bonsai);
	const file = fileOf(shot.name, 'txt');
	const isSame =
		existsSync(file) && existsSync(fileOf(shot.name, 'png')) && maskOf(readFileSync(file, 'utf8')) === maskOf(text);
	if (isAll || !isSame) {
		const svg = svgOf(bonsai, `Bonsai: ${shot.words}`);
		writeFileSync(file, text);
		writeFileSync(fileOf(shot.name, 'svg'), svg);
		writeFileSync(fileOf(shot.name, 'png'), pngOf(svg));
	}
	process.stdout.write(`${isSame ? 'as before' : 'changed  '}  ${shot.name}: ${shot.words}\n`);
	await bonsai.close();
}
