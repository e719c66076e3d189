/** Ms since the epoch; fixed by BONSAI_CLOCK in tests and screenshots, so that dates do not change them. */
import process from 'node:process';

export const clock = (): number => Number(process.env.BONSAI_CLOCK ?? Date.now());
