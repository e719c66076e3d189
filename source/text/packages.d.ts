/** What we use of packages that bring no types. */
declare module 'html-to-text' {
	export function convert(html: string, options: object): string;
}
