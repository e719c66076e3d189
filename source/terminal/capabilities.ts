/**
 * What a terminal can do: as far as the environment tells, and then as far as the terminal itself answers.
 *
 * Laws: a capability is used only where the terminal is known to have it (REP breaks GNU screen; a VT100 shows what it
 * does not know as text); an answer that never comes does no harm. Pure.
 */
import type {ColourDepth} from './colour.ts';
import {allAttributes, attributes} from './style.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

type Profile = 'xterm' | 'tmux' | 'screen' | 'linux' | 'vt100' | 'dumb';

/** The sequences the frame encoder may use besides the VT100's, and what the screen has. */
export type Abilities = {
	/** Attributes it shows, as bits (style.ts). */
	readonly attributes: number;
	readonly colours: ColourDepth;
	/** SGR 22 to 29: one attribute taken away. */
	readonly hasOff: boolean;
	/** REP: the last character again. */
	readonly repeats: boolean;
	/** ECH: some characters erased. */
	readonly erasesCells: boolean;
	/** SU and SD: so many lines up or down. Else by line feeds. */
	readonly scrolls: boolean;
	/** CHA, VPA, CNL: a column or a row alone. */
	readonly movesByOne: boolean;
	/** DECCARA and DECRARA: attributes of a rectangle. Only when DA1 says 28. */
	readonly rectangles: boolean;
	/** Mode 2026: nothing is shown until the frame is whole. Only when DECRQM says so. */
	readonly synchronises: boolean;
	/** ?1049: a screen of our own. */
	readonly hasAlternate: boolean;
	/** And it is blank and plain when it is entered: of GNU screen only where its user has set `altscreen`. */
	readonly clearsAlternate: boolean;
	/** ?25: the cursor can be hidden. */
	readonly hidesCursor: boolean;
	/** ?2004: what is pasted is marked as such. */
	readonly marksPaste: boolean;
	/** DA1, DSR and DECRQM are answered, or swallowed at least. */
	readonly answers: boolean;
};

export type Capabilities = {
	readonly profile: Profile;
	readonly isUtf8: boolean;
	readonly hasColour: boolean;
	/** Whether inverse and bold show. Where they do not, the selection needs a mark of its own. */
	readonly hasStyles: boolean;
	/** Whether a bar across the screen is cheap: there is REP, and a change within it needs no new start of the style. */
	readonly hasBars: boolean;
	/** The other end of an SSH line: there each octet may be paid for. */
	readonly isRemote: boolean;
	/** How long to wait after ESC for the rest of a key, in ms, until the line is measured. */
	readonly escapeTimeoutMs: number;
	readonly abilities: Abilities;
};

const full: Omit<Abilities, 'colours'> = {
	attributes: allAttributes,
	hasOff: true,
	repeats: true,
	erasesCells: true,
	scrolls: true,
	movesByOne: true,
	rectangles: false,
	synchronises: false,
	hasAlternate: true,
	clearsAlternate: true,
	hidesCursor: true,
	marksPaste: true,
	answers: true,
};

const common = attributes.bold | attributes.dim | attributes.underline | attributes.blink | attributes.inverse;

const profiles: Readonly<Record<Profile, Omit<Abilities, 'colours'>>> = {
	xterm: full,
	// tmux and screen draw for a terminal behind them and say nothing about it.
	tmux: full,
	// GNU screen shows 3, which is italic elsewhere, as standout.
	screen: {...full, attributes: common, repeats: false, clearsAlternate: false},
	// The console of Linux has no screen beside the one it has, and no SU.
	linux: {
		...full,
		attributes: common,
		repeats: false,
		scrolls: false,
		hasAlternate: false,
		clearsAlternate: false,
		marksPaste: false,
	},
	vt100: {
		...full,
		attributes: attributes.bold | attributes.underline | attributes.blink | attributes.inverse,
		hasOff: false,
		repeats: false,
		erasesCells: false,
		scrolls: false,
		movesByOne: false,
		hasAlternate: false,
		clearsAlternate: false,
		hidesCursor: false,
		marksPaste: false,
	},
	dumb: {
		...full,
		attributes: 0,
		repeats: false,
		scrolls: false,
		movesByOne: false,
		hasAlternate: false,
		clearsAlternate: false,
		answers: false,
	},
};

function profileOf(term: string): Profile {
	if (term === '' || term === 'dumb' || term === 'unknown') return 'dumb';
	if (/^tmux/.test(term)) return 'tmux';
	if (/^screen/.test(term)) return 'screen';
	if (/^linux/.test(term)) return 'linux';
	if (/^(vt[1-5]\d\d|ansi|cons25|pcansi)/.test(term)) return 'vt100';
	return 'xterm';
}

/** What REP is lost on (rxvt, Emacs' term) misses most of a rule or a gap, so it is for those that are known to have it. */
const hasRepeat = /^(xterm|tmux|vte|gnome|konsole|alacritty|foot|kitty|wezterm|ghostty|contour|mintty|putty|st(-|$))/;

export function capabilitiesOf(env: Environment): Capabilities {
	const term = env.TERM ?? 'dumb';
	const profile = profileOf(term);
	// The first of the three that is set decides (POSIX, Base Definitions 8.2).
	const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
	const colours = coloursOf(env, term, profile);
	const isRemote = Boolean(env.SSH_CONNECTION || env.SSH_TTY || env.SSH_CLIENT);
	return {
		profile,
		isUtf8: /utf-?8/i.test(locale),
		hasColour: colours > 1,
		hasStyles: profile !== 'dumb',
		hasBars: profile !== 'dumb' && profile !== 'vt100' && profile !== 'linux',
		isRemote,
		// Over SSH the octets of one key may come apart.
		escapeTimeoutMs: isRemote ? 150 : 50,
		abilities: {...profiles[profile], colours, repeats: profiles[profile].repeats && hasRepeat.test(term)},
	};
}

function coloursOf(env: Environment, term: string, profile: Profile): ColourDepth {
	if (env.NO_COLOR || profile === 'dumb' || profile === 'vt100' || /-m$|mono/.test(term)) return 1;
	if (/^(truecolor|24bit)$/i.test(env.COLORTERM ?? '') || /direct/.test(term)) return 16_777_216;
	if (/256/.test(term)) return 256;
	return profile === 'linux' || profile === 'screen' || /^xterm(-color)?$/.test(term) ? 8 : 16;
}

/** What the answer to DA1 (`CSI ? 64 ; 28 c`) or DECRQM (`CSI ? 2026 ; 2 $ y`) adds. Anything else changes nothing. */
export function abilitiesAfter(before: Abilities, report: string): Abilities {
	const attributesAnswer = /^\x1b\[\?([\d;]*)c$/.exec(report);
	if (attributesAnswer) return {...before, rectangles: attributesAnswer[1]?.split(';').includes('28') ?? false};
	const modeAnswer = /^\x1b\[\?2026;(\d)\$y$/.exec(report);
	// 1 is set, 2 is reset; 0 is unknown, 3 and 4 cannot be changed.
	if (modeAnswer) return {...before, synchronises: modeAnswer[1] === '1' || modeAnswer[1] === '2'};
	return before;
}
