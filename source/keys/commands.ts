/**
 * Every command there is. Help, the key menu, the command line and the decoding of keys are made from this table and a
 * keymap, and from nothing else, so that what is offered is what is there. The first file to read of this folder.
 *
 * Laws: what is not built is not in here; on one screen a command is there once and a typed word has one meaning.
 * Which keys mean which command: a preset (presets.ts) with the user's own bindings over it (keymap.ts).
 */
import type {CommandShape} from './command.ts';
import {mailCommands} from './mail-commands.ts';
import {programCommands} from './program-commands.ts';
import {readingCommands} from './reading-commands.ts';
import type {ScreenName} from './screens.ts';
import {writingCommands} from './writing-commands.ts';

const table = [...mailCommands, ...writingCommands, ...readingCommands, ...programCommands];

export type CommandName = (typeof table)[number]['name'];
export type Command = CommandShape & {readonly name: CommandName};
export const commands: readonly Command[] = table;

export const commandsOn = (screen: ScreenName): readonly Command[] =>
	commands.filter(command => command.screens.includes(screen));

/** `mailbox Lists/bonsai` is the command `mailbox` and its argument. */
export function commandForWords(
	screen: ScreenName,
	line: string,
): {readonly command: Command; readonly argument: string} | undefined {
	const [word = '', ...rest] = line.trim().split(/\s+/);
	const command = commandsOn(screen).find(each => each.typed === word);
	return command && {command, argument: rest.join(' ')};
}
