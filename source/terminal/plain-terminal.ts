/**
 * Which terminals get the plain mode by themselves, and how they send keys. Pure.
 */
import type {Environment} from './capabilities.ts';

const isDumb = ({TERM = ''}: Environment): boolean => TERM === '' || TERM === 'dumb';

/** Ink's own switch for its screen-reader output is heeded too. */
export const isPlainTerminal = (env: Environment): boolean => isDumb(env) || env.INK_SCREEN_READER === 'true';

/** A shell in a buffer of Emacs sends a line when it is complete, and shows itself what is typed. */
export const sendsLines = (env: Environment): boolean => isDumb(env) && Boolean(env.INSIDE_EMACS);
