/**
 * What leaves the server of an offline mailbox, as the configuration has it: what is missing is as the program would have it,
 * what cannot be meant is a problem that says what would be right.
 */
import {type Draining, type Drainings, defaultDrainings, drainAll} from './model/draining.ts';

type Problem = {readonly problem: string};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

export function readDrainings(stored: unknown): {readonly drainings: Drainings} | Problem {
	if (stored === undefined) return {drainings: defaultDrainings};
	if (!isRecord(stored)) return {problem: 'an object with "otherwise" and "mailboxes"'};
	const {otherwise = drainAll, mailboxes = {}} = stored;
	if (!isRecord(mailboxes)) return {problem: '"mailboxes" by their names'};
	const fallback = readDraining(otherwise);
	if ('problem' in fallback) return fallback;
	const read: [string, Draining][] = [];
	for (const [path, draining] of Object.entries(mailboxes)) {
		const known = readDraining(draining);
		if ('problem' in known) return {problem: `${path}: ${known.problem}`};
		read.push([path, known.draining]);
	}
	return {drainings: {otherwise: fallback.draining, mailboxes: Object.fromEntries(read)}};
}

function readDraining(stored: unknown): {readonly draining: Draining} | Problem {
	if (!isRecord(stored)) return {problem: 'an object with "leaveDays", "olderThanDays" and "mostBytes"'};
	const {leaveDays = 0, olderThanDays = 0, mostBytes = null} = stored;
	if (!isCount(leaveDays)) return {problem: '"leaveDays" is a number of days'};
	if (!isCount(olderThanDays)) return {problem: '"olderThanDays" is a number of days'};
	if (mostBytes !== null && !isCount(mostBytes)) return {problem: '"mostBytes" is a number of bytes, or null'};
	return {draining: {leaveDays, olderThanDays, mostBytes}};
}
