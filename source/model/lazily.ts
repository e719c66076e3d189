/**
 * A value made when it is first asked for, and then kept. For expressions with Unicode properties above all: their tables
 * take milliseconds, and most starts need none of them. esbuild writes such a literal as `new RegExp` in the entry, since
 * V8 makes the tables of a literal as soon as it reads it.
 */
export function lazily<T extends object>(make: () => T): () => T {
	let made: T | undefined;
	return () => {
		made ??= make();
		return made;
	};
}
