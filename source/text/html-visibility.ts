/**
What of an HTML mail a reader of its author's choosing would see: preheaders, tracking words and text in the colour of its background are there for machines, and are left out.

Laws:
- Only what is surely invisible is hidden: losing a sentence is worse than showing one too many. Style sheets are not read, so where one could give a background, colours say nothing.
- `display: none` and its like hide for good; size, visibility and colour are inherited, and a child can undo them (newsletters set `font-size: 0` on a cell and a size on its words).
- Constant work for an element: a style attribute is looked at up to `maxStyle` characters.
*/
export type Visibility = {
	readonly isGone: boolean;
	readonly isInvisible: boolean;
	readonly isTiny: boolean;
	/** As `#rrggbb` or `transparent`; '' is not known. */
	readonly color: string;
	readonly background: string;
};

type Attributes = Readonly<Record<string, string>>;

const maxStyle = 2_000;

/** @param hasStyleSheet Whether the document has one that could colour what we take for white. */
export function rootVisibility(hasStyleSheet: boolean): Visibility {
	const background = hasStyleSheet ? '' : '#ffffff';
	return {isGone: false, isInvisible: false, isTiny: false, color: '', background};
}

export function isVisible({isGone, isInvisible, isTiny, color, background}: Visibility): boolean {
	return !isGone && !isInvisible && !isTiny && color !== 'transparent' && (color === '' || color !== background);
}

function readColor(text: string): string {
	if (text === 'white') return '#ffffff';
	if (text === 'black') return '#000000';
	if (text === 'transparent') return text;
	if (/^#[0-9a-f]{3}$/.test(text)) return text.replace(/[0-9a-f]/g, '$&$&');
	if (/^#[0-9a-f]{6}$/.test(text)) return text;
	const rgb = /^rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})(?:,([\d.]+))?\)$/.exec(text);
	if (!rgb) return '';
	if (rgb[4] !== undefined && Number(rgb[4]) === 0) return 'transparent';
	return `#${[rgb[1], rgb[2], rgb[3]].map(part => Number(part).toString(16).padStart(2, '0')).join('')}`;
}

/** Property → value, in lower case, without blanks, comments and `!important`. */
function readStyle(style: string): Map<string, string> {
	const text = style.slice(0, maxStyle).toLowerCase();
	const properties = new Map<string, string>();
	for (const declaration of text
		.replace(/\/\*.*?\*\//gs, '')
		.replace(/\s+/g, '')
		.split(';')) {
		const colon = declaration.indexOf(':');
		if (colon > 0) properties.set(declaration.slice(0, colon), declaration.slice(colon + 1).replace('!important', ''));
	}
	return properties;
}

const isZero = (value: string | undefined): boolean => value !== undefined && /^0(?:\.0*)?(?:[a-z]+|%)?$/.test(value);

function isGoneBy(style: Map<string, string>): boolean {
	if (style.get('display') === 'none' || style.get('mso-hide') === 'all' || isZero(style.get('opacity'))) return true;
	const isClipped = style.get('overflow') === 'hidden';
	if (isClipped && (isZero(style.get('max-height')) || isZero(style.get('height')) || isZero(style.get('max-width'))))
		return true;
	return /^-\d{4,}/.test(style.get('text-indent') ?? '') || /^-\d{4,}/.test(style.get('left') ?? '');
}

function isTinyBy(style: Map<string, string>, isParentTiny: boolean): boolean {
	const size = style.get('font-size') ?? /(?:^|\s)(\d+(?:px|pt))/.exec(style.get('font') ?? '')?.[1];
	if (size === undefined) return isParentTiny;
	if (isZero(size) || /^(?:1(?:\.\d+)?|0?\.\d+)(?:px|pt)$/.test(size)) return true;
	// A share of nothing is nothing.
	return /(?:em|%)$/.test(size) && !size.endsWith('rem') ? isParentTiny : false;
}

/** What an element's attributes make of the visibility around it. */
export function within(outer: Visibility, attributes: Attributes, hasStyleSheet: boolean): Visibility {
	if (outer.isGone) return outer;
	const style = readStyle(attributes.style ?? '');
	const shownBackground = style.get('background-color') ?? style.get('background') ?? attributes.bgcolor?.toLowerCase();
	const hasImage = attributes.background !== undefined || style.has('background-image');
	const isStyledElsewhere = hasStyleSheet && (attributes.class !== undefined || attributes.id !== undefined);

	let {background, color, isInvisible} = outer;
	if (isStyledElsewhere || hasImage) background = '';
	if (shownBackground !== undefined && !hasImage) {
		const own = readColor(shownBackground);
		if (own !== 'transparent') background = own;
	}
	const ownColor = style.get('color') ?? attributes.color?.toLowerCase();
	if (ownColor !== undefined && ownColor !== 'inherit') color = readColor(ownColor);
	const visibility = style.get('visibility');
	if (visibility === 'hidden' || visibility === 'collapse') isInvisible = true;
	if (visibility === 'visible') isInvisible = false;

	const isGone = attributes.hidden !== undefined || isGoneBy(style);
	return {isGone, isInvisible, isTiny: isTinyBy(style, outer.isTiny), color, background};
}
