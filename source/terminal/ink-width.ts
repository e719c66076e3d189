/**
 * Stands for the package string-width in the built program (build.ts): how many columns Ink counts for a text, with
 * its styles. Pure.
 */
import {widthOf} from '../model/width.ts';

const escapes = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))/g;

export default function inkWidth(text: string): number {
	return widthOf(text.includes('\x1b') ? text.replace(escapes, '') : text);
}
