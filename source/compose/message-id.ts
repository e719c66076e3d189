/** Message-ID (RFC 5322 §3.6.4): ours is of the sender's domain, so it says nothing of the machine it was made on. */
import {randomBytes} from 'node:crypto';
import {domainToASCII} from 'node:url';

/** @param madeAt Ms since the epoch. */
export function newMessageId(sender: string, madeAt: number): string {
	const domain = sender.slice(sender.lastIndexOf('@') + 1);
	const right = domain.startsWith('[') ? domain : domainToASCII(domain);
	const left = `${madeAt.toString(36)}.${BigInt(`0x${randomBytes(10).toString('hex')}`).toString(36)}`;
	return `<${left}@${right || 'invalid'}>`;
}

/** An id that is longer is a mistake or an attack, and would not fit into a line. */
const longestId = 250;

/** All ids of an In-Reply-To or References field, in their order, each once. What is none is left out. */
export function readMessageIds(value: string): readonly string[] {
	const ids = value.match(/<[^<>\s]+>/g) ?? [];
	return [...new Set(ids)].filter(id => id.length <= longestId && /^[\x21-\x7e]+$/.test(id));
}
