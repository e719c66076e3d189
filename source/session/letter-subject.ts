/** The Subject of a letter, from the file with its octets; '' for none, or when they are gone. Free of any line. */
import fs from 'node:fs';
import {ours, type SafeText} from '../model/safe-text.ts';
import {fieldText, findField, parseHeader} from '../text/header.ts';

/** A subject further down is not looked for. */
const longestHeader = 65_536;

export function subjectIn(file: string): SafeText {
	try {
		const opened = fs.openSync(file, 'r');
		const octets = Buffer.alloc(longestHeader);
		const length = fs.readSync(opened, octets, 0, longestHeader, 0);
		fs.closeSync(opened);
		return fieldText(findField(parseHeader(octets.subarray(0, length)), 'subject') ?? '');
	} catch {
		return ours('');
	}
}
