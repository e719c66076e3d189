/** Names and addresses of a vCard file (RFC 6350, and 2.1 and 3.0 as they are met). Pure; what cannot be read is left out. */
import type {Address} from '../model/draft.ts';
import {safeLine} from '../model/safe-text.ts';

export function peopleInVcards(text: string): Address[] {
	const lines = text
		.replaceAll(/\r\n?/g, '\n')
		.replaceAll(/\n[ \t]/g, '')
		.split('\n');
	const people: Address[] = [];
	let name = '';
	let addresses: string[] = [];
	for (const line of lines) {
		const [, property = '', parameters = '', value = ''] = /^(?:[\w-]+\.)?([\w-]+)((?:;[^:]*)?):(.*)$/.exec(line) ?? [];
		switch (property.toUpperCase()) {
			case 'BEGIN':
				name = '';
				addresses = [];
				break;
			case 'FN':
				name = unescaped(value, parameters);
				break;
			case 'N':
				// `family;given;additional;prefixes;suffixes`, for a card without a name to show.
				if (name === '')
					name = value
						.split(';')
						.slice(0, 2)
						.reverse()
						.map(each => unescaped(each, parameters))
						.join(' ')
						.trim();
				break;
			case 'EMAIL':
				addresses.push(
					unescaped(value, parameters)
						.replace(/^mailto:/i, '')
						.trim(),
				);
				break;
			case 'END':
				for (const address of addresses)
					if (/^[^\s@]+@[^\s@]+$/.test(address)) people.push({name: safeLine(name), address: safeLine(address)});
				break;
		}
	}
	return people;
}

function unescaped(value: string, parameters: string): string {
	const isQuoted = /encoding=quoted-printable/i.test(parameters);
	const plain = isQuoted ? decodeQuoted(value) : value;
	return plain.replaceAll(/\\([\\,;nN])/g, (_all, sign: string) => (/n/i.test(sign) ? ' ' : sign));
}

function decodeQuoted(value: string): string {
	const octets = value.replaceAll(/=([0-9a-f]{2})/gi, (_all, hex: string) =>
		String.fromCharCode(Number.parseInt(hex, 16)),
	);
	return Buffer.from(octets, 'latin1').toString('utf8');
}
