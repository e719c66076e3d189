/** Reads one command from a connection: a line, with its literals in place, each asked for as its kind wants it. */
import type {Connection} from './connection.ts';

const largestLiteralBytes = 100_000_000;

/** Undefined when there will be no more. */
export const readCommand = async (connection: Connection): Promise<string | undefined> => {
	const {wire} = connection;
	let text = '';
	for (;;) {
		const line = await wire.line();
		if (line === undefined) return undefined;
		text += line;
		const literal = /~?\{(\d{1,15})(\+?)\}$/.exec(line);
		if (literal === null) break;
		const count = Number(literal[1]);
		const isUnasked = literal[2] === '+';
		if (count > largestLiteralBytes) {
			await connection.bye('Literal too large.');
			return undefined;
		}
		// What follows cannot be told from commands, so there is no way to go on.
		if (isUnasked && !connection.has('LITERAL+') && !connection.has('LITERAL-')) {
			await connection.bye('LITERAL+ was not announced.');
			return undefined;
		}
		if (!isUnasked) {
			connection.line('+ OK');
			await connection.release();
		}
		const bytes = await wire.exactly(count);
		if (bytes === undefined) return undefined;
		text += `\r\n${bytes.toString('latin1')}`;
	}
	connection.world.record(connection.number, 'client', text);
	return text;
};
