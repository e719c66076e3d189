import type {Usage} from '../model/usage.ts';

/** What `--usage` says: `212 bytes up, 1893 bytes down, 2105 in all, 3 turns`. For a program to read, too. */
export const usageLine = ({upBytes, downBytes, turns}: Usage): string =>
	`${upBytes} bytes up, ${downBytes} bytes down, ${upBytes + downBytes} in all, ${turns} turns`;
