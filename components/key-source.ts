/**
 * Where keys come from: the terminal's decoder in the program, a script in a test. Never Ink's useInput.
 */
export type Key = {
	/**
	 * `Up`, `PageDown`, `Enter`, `Ctrl+x`, `Paste`, `Space`, else the character itself; `StartOfLine` and `EndOfLine`
	 * around what a terminal sends by the line.
	 */
	readonly name: string;
	/** What the key writes into a text; '' for keys that write nothing. May hold anything when pasted. */
	readonly text: string;
};

/** Calls the listener for each key; returns how to stop. */
export type KeySource = (listener: (key: Key) => void) => () => void;
