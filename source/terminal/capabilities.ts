/**
 * What a terminal can do, as far as the environment tells. Issue 4 adds what the terminal itself answers.
 * Pure.
 */
export type Environment = Readonly<Record<string, string | undefined>>;

export type Capabilities = {
	readonly isUtf8: boolean;
	readonly hasColour: boolean;
	/** Whether inverse and bold show. Where they do not, the selection needs a mark of its own. */
	readonly hasStyles: boolean;
	/** How long to wait after ESC for the rest of a key. */
	readonly escapeTimeoutMs: number;
};

export function capabilitiesOf(env: Environment): Capabilities {
	const term = env.TERM ?? 'dumb';
	// The first of the three that is set decides (POSIX, Base Definitions 8.2).
	const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
	const hasStyles = term !== 'dumb' && term !== '';
	const isMonochrome = /^(vt[1-5]\d\d|.*-m|.*mono)$/.test(term);
	return {
		isUtf8: /utf-?8/i.test(locale),
		hasColour: hasStyles && !isMonochrome && !env.NO_COLOR,
		hasStyles,
		// Over SSH the octets of one key may come apart.
		escapeTimeoutMs: env.SSH_CONNECTION ? 150 : 50,
	};
}
