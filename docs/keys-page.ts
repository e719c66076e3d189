/**
 * Writes docs/keys.md from the table of commands and the presets (`npm run keys-page`), so that it is never stale;
 * test/keys/keys-page.test.ts holds it to that.
 */
import fs from 'node:fs';
import {fileURLToPath} from 'node:url';
import {type Command, commands} from '../source/keys/commands.ts';
import {keymapOf} from '../source/keys/keymap.ts';
import {presetNames} from '../source/keys/presets.ts';
import {type ScreenName, screens} from '../source/keys/screens.ts';
import {shownKeys} from '../source/keys/shown-keys.ts';

const introduction = `# Keys

\`?\` shows the keys of the screen you are on, as they are bound. Other keys are a matter of \`config.json\` (in \`BONSAI_HOME\`, else in \`~/.config/bonsai\`):

    "keys": {
      "preset": "mutt",
      "bind": {
        "delete": ["d", "Ctrl+k"],
        "messages.archive": ["A"],
        "hangUp": [", h"],
        "flag": []
      }
    }

- \`preset\`: \`default\`, \`mutt\`, \`alpine\` or \`aerc\`. A key that does something else there than anything here is unbound: Bonsai does not sort or search yet.
- \`bind\`: a command of the table below and its keys, on all of its screens, or on one: \`messages.archive\`. They take the place of the preset's. The first is the one that is shown. \`[]\`: none; the command is typed after \`:\`, where it has a word.
- A key is a character (\`d\`, \`D\`, \`?\`, \`é\`), a name (\`Enter\`, \`Space\`, \`Tab\`, \`Escape\`, \`Backspace\`, \`Delete\`, \`Insert\`, \`Up\`, \`Down\`, \`Left\`, \`Right\`, \`Home\`, \`End\`, \`PageUp\`, \`PageDown\`, \`F1\` to \`F12\`), one of these with \`Ctrl+\`, \`Alt+\` or \`Shift+\` (\`Ctrl+k\`, \`Alt+x\`, \`Shift+Tab\`), or two in a row: \`, h\`. What a terminal cannot tell apart is refused: \`Ctrl+m\` is \`Enter\`, \`Ctrl+i\` is \`Tab\`.
- On one screen a key means one command, and the first of two in a row means nothing by itself. \`Ctrl+c\` quits whatever is bound, and the command line keeps a key. What breaks this stops Bonsai at its start with a sentence that says what to change.
- A letter of \`back\` quits at the top; \`Escape\`, an arrow and \`<\` do not.
- In questions and while something is typed the keys are fixed: \`Enter\`, \`Escape\`, \`Ctrl+c\`, \`y\` and \`n\`.

Screens: ${screens.join(', ')}. In the preset \`alpine\` letters work in either case.

`;

/** The four presets' keys, as the cells of a row. */
const cellsOf = (command: Command, screen: ScreenName): string =>
	presetNames
		.map(preset => shownKeys(keymapOf(preset).on(screen).keysOf(command.name)).map(inCode).join(' '))
		.join(' | ');

const inCode = (key: string): string => `\`${key.replaceAll('|', '\\|')}\``;

/** A command, or its screens apart where a preset has other keys on some of them. */
function rowsOf(command: Command): string[] {
	const groups = new Map<string, ScreenName[]>();
	for (const screen of command.screens) {
		const cells = cellsOf(command, screen);
		groups.set(cells, [...(groups.get(cells) ?? []), screen]);
	}
	return [...groups].map(([cells, where]) => {
		const typed = command.typed === undefined ? '' : inCode(`:${command.typed}`);
		const places = where.length === screens.length ? 'everywhere' : where.join(', ');
		return `| ${inCode(command.name)} | ${command.words.replaceAll('|', '\\|')} | ${places} | ${typed} | ${cells} |`;
	});
}

export const keysPage = (): string =>
	[
		`${introduction}| command | what it does | screens | typed | ${presetNames.join(' | ')} |`,
		'| --- | --- | --- | --- | --- | --- | --- | --- |',
		...commands.flatMap(rowsOf),
		'',
	].join('\n');

export const keysPageFile = fileURLToPath(new URL('keys.md', import.meta.url));

if (import.meta.main) fs.writeFileSync(keysPageFile, keysPage());
