/**
 * The keys one may begin with: Bonsai's own, or those the hands know from another program.
 *
 * Laws (test/keys/presets.test.ts): on one screen a key has one meaning; what has a key in `default` can be reached in
 * all of them, by a key or by its word; a foreign key that would do something else than its user expects is unbound.
 */
import {aercKeys} from './aerc-keys.ts';
import {alpineKeys} from './alpine-keys.ts';
import type {Bindings} from './bindings.ts';
import {defaultKeys} from './default-keys.ts';
import {muttKeys} from './mutt-keys.ts';

export const presetNames = ['default', 'mutt', 'alpine', 'aerc'] as const;
export type PresetName = (typeof presetNames)[number];

export const presets: Readonly<Record<PresetName, Bindings>> = {
	default: defaultKeys,
	mutt: muttKeys,
	alpine: alpineKeys,
	aerc: aercKeys,
};
