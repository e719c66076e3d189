/** A tty that takes what it is given at a pace of its own, and answers when it has. Time is this clock's only. */
export class FakeTty {
	columns: number;
	rows: number;
	now = 0;
	readonly #octetsPerSecond: number;
	readonly #answer: (report: string) => void;
	readonly answers: boolean;
	#written = '';
	octets = 0;

	constructor(
		size: {readonly columns: number; readonly rows: number},
		octetsPerSecond: number,
		answer?: (report: string) => void,
	) {
		this.columns = size.columns;
		this.rows = size.rows;
		this.#octetsPerSecond = octetsPerSecond;
		this.#answer = answer ?? (() => {});
		this.answers = answer !== undefined;
	}

	write(text: string, done: () => void): boolean {
		this.#written += text;
		const octets = Buffer.byteLength(text);
		this.octets += octets;
		setImmediate(() => {
			this.now += (octets * 1000) / this.#octetsPerSecond;
			done();
			if (this.answers) for (const _ of text.matchAll(/\x1b\[5n/g)) this.#answer('\x1b[0n');
		});
		return true;
	}

	/** What came since this was last asked. */
	take(): string {
		const written = this.#written;
		this.#written = '';
		return written;
	}
}
