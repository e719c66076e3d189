/**
 * Why a keymap makes no sense, in a sentence with the way out: a key with two meanings on a screen, a key that is a
 * command and begins another, nothing that reaches the command line, Ctrl+c taken from quitting. Pure.
 */
import type {Bindings} from './bindings.ts';
import {type CommandName, commandsOn} from './commands.ts';
import {type Bound, boundOn, surelyQuits} from './keymap.ts';
import {listed} from './listed.ts';
import type {PresetName} from './presets.ts';
import {type ScreenName, screens} from './screens.ts';

type Meaning = Bound & {readonly name: CommandName; readonly key: string; readonly screen: ScreenName};

export function keymapProblem(preset: PresetName, own: Bindings): string | undefined {
	const meanings = screens.flatMap(screen => meaningsOn(screen, preset, own));
	const taken = meanings.find(({key, name}) => key.split(' ').includes(surelyQuits) && name !== 'quit');
	if (taken) return `${surelyQuits} always quits, so "${taken.by}" needs another key`;
	const mute = screens.find(screen => boundOn(screen, 'commandLine', preset, own).keys.length === 0);
	if (mute)
		return `"commandLine" needs a key on the screen ${mute}: what has no key is reached through it. Leave it at [":"]`;
	for (const screen of screens) {
		const here = meanings.filter(each => each.screen === screen);
		// A preset by itself has no clash (a test has looked), so one of two is the user's, and is named first.
		const suspects = Object.keys(own).length === 0 ? here : here.filter(({isOwn}) => isOwn);
		for (const meaning of suspects) {
			const others = here.filter(other => isClash(meaning, other));
			if (others.length > 0) return clashWords(meaning, others, preset, own);
		}
	}
	return undefined;
}

const meaningsOn = (screen: ScreenName, preset: PresetName, own: Bindings): Meaning[] =>
	commandsOn(screen).flatMap(({name}) => {
		const bound = boundOn(screen, name, preset, own);
		return bound.keys.map(key => ({...bound, name, key, screen}));
	});

const begins = (first: string, other: string): boolean => other.startsWith(`${first} `);

/** The same key means another command, or one is the beginning of the other. */
const isClash = (one: Meaning, other: Meaning): boolean =>
	begins(one.key, other.key) || (one.name !== other.name && (one.key === other.key || begins(other.key, one.key)));

function clashWords(found: Meaning, others: readonly Meaning[], preset: PresetName, own: Bindings): string {
	const [other] = others;
	if (other === undefined) return '';
	const where = screens.filter(screen => {
		const here = meaningsOn(screen, preset, own);
		const has = ({name, key}: Meaning): boolean => here.some(each => each.name === name && each.key === key);
		return has(found) && has(other);
	});
	const places = where.length === 1 ? `the screen ${where[0]}` : `the screens ${listed(where, 'and')}`;
	const [short, long] = begins(other.key, found.key) ? [other, found] : [found, other];
	const what =
		found.key === other.key
			? `on ${places} ${found.key} is both ${wordsOf(found, preset)} and ${wordsOf(other, preset)}`
			: `on ${places} ${short.key} is ${wordsOf(short, preset)} and begins ${long.key}, ${wordsOf(long, preset)}`;
	const fromPreset = [found, ...others].filter(({isOwn}) => !isOwn);
	if (fromPreset.length === 0 || !(found.isOwn || other.isOwn)) return `${what}. Give one of them another key`;
	const names = [...new Set(fromPreset.map(({name}) => name))];
	const keysOf = (name: CommandName) => fromPreset.filter(each => each.name === name).map(({key}) => key);
	// Who has bound it on one screen wants it free there.
	const isHere = [found, other].some(({by, isOwn}) => isOwn && by.includes('.'));
	const free = names.flatMap(name => freeing(name, [...keysOf(name), surelyQuits], isHere ? where : [], preset, own));
	return `${what}. Choose another key, or free this one: ${free.join(', ')}`;
}

const wordsOf = ({name, isOwn}: Meaning, preset: PresetName): string =>
	`"${name}" (${isOwn ? 'yours' : `of the preset ${preset}`})`;

/** What to bind so that a command of the preset lets go of keys; on these screens, or wherever it has them. */
function freeing(
	name: CommandName,
	dropped: readonly string[],
	where: readonly ScreenName[],
	preset: PresetName,
	own: Bindings,
): string[] {
	const all = screens
		.filter(screen => commandsOn(screen).some(command => command.name === name))
		.map(screen => ({screen, keys: boundOn(screen, name, preset, own).keys}));
	const rest = (keys: readonly string[]): string => {
		const kept = keys.filter(each => !dropped.includes(each));
		return JSON.stringify(kept).replaceAll('","', '", "');
	};
	const isSame = all.every(({keys}) => keys.join('\n') === all[0]?.keys.join('\n'));
	if (where.length === 0 && isSame && all[0]) return [`"${name}": ${rest(all[0].keys)}`];
	const inTheWay = all.filter(
		({screen, keys}) => (where.length === 0 || where.includes(screen)) && keys.some(key => dropped.includes(key)),
	);
	return inTheWay.map(({screen, keys}) => `"${screen}.${name}": ${rest(keys)}`);
}
