/** Addresses as one types and reads them: `Ada Lovelace <ada@example.org>, grace@example.org`. Pure. */
import type {Address} from '../model/draft.ts';
import {parseAddresses} from '../text/addresses.ts';

/** Has to stand in quotes in front of an address (RFC 5322 §3.2.3). */
const special = /[()<>[\]:;@\\,."]/;

function typedAddress({name, address}: Address): string {
	if (name === '') return address;
	const shown = special.test(name) ? `"${name.replaceAll(/["\\]/g, '\\$&')}"` : name;
	return `${shown} <${address}>`;
}

export const typedAddresses = (all: readonly Address[]): string => all.map(typedAddress).join(', ');

/** What is no address stays as it was typed, to be seen and mended. */
export const readTyped = (text: string): Address[] =>
	parseAddresses(text, {isTyped: true}).map(({name, address}) =>
		address === '' ? {name: '', address: name} : {name, address},
	);
