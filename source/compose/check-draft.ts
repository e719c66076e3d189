/**
 * What keeps a draft from being a message, in sentences that say what to do. Nothing here is about taste: a message
 * without a subject is one.
 */
import {domainToASCII} from 'node:url';
import type {Address, Draft} from '../model/draft.ts';

/** RFC 5321 §4.5.3.1, in octets. */
const longestLocalPart = 64;
const longestDomain = 255;

const atom = /^[^\s\x00-\x1f\x7f"(),:;<>@[\\\]]+$/;
const quoted = /^"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"$/;

/** Why an address cannot be written to; undefined when nothing is known against it. */
export function addressProblem(address: string): string | undefined {
	const at = address.lastIndexOf('@');
	const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
	if (at < 1 || domain === '') return 'an address looks like name@example.org';
	if (!address.isWellFormed()) return 'it has half a character in it';
	const isLocalPart = quoted.test(local) || (atom.test(local) && !/^\.|\.\.|\.$/.test(local));
	if (!isLocalPart) return `what stands before the @ cannot be the name of anybody`;
	if (Buffer.byteLength(local) > longestLocalPart) return 'what stands before the @ is too long';
	const isDomain = /^\[[^\s[\]\\<>]+\]$/.test(domain) || (atom.test(domain) && domainToASCII(domain) !== '');
	if (!isDomain || /^\.|\.\.|\.$/.test(domain)) return `what stands behind the @ is no domain`;
	if (Buffer.byteLength(domain) > longestDomain) return 'what stands behind the @ is too long';
	return undefined;
}

/** Fields that are made of the rest of the draft, or describe how a part is spelled: nobody else writes them. */
const ours =
	/^(from|to|cc|bcc|reply-to|resent-bcc|subject|date|message-id|in-reply-to|references|mime-version|content-.*)$/i;

/** Why a field of the user's own cannot be sent; undefined when it can. */
export function fieldProblem({name, value}: {readonly name: string; readonly value: string}): string | undefined {
	if (!/^[!-9;-~]{1,70}$/.test(name)) return `${JSON.stringify(name)} is no name of a field (letters, digits and -)`;
	if (ours.test(name)) return `${name} is written by Bonsai itself`;
	if (/[\r\n]/.test(value)) return `${name} must be one line`;
	return undefined;
}

/** None when it can be sent. */
export function draftProblems(draft: Draft): readonly string[] {
	const {from, to, cc, bcc, replyTo, headers} = draft;
	const problems: string[] = [];
	const check = (field: string, addresses: readonly Address[]): void => {
		for (const {address} of addresses) {
			const problem = addressProblem(address);
			if (problem !== undefined) problems.push(`${field}: ${address || 'an empty address'} is no address: ${problem}`);
		}
	};
	check('From', [from]);
	check('To', to);
	check('Cc', cc);
	check('Bcc', bcc);
	check('Reply-To', replyTo);
	if (to.length + cc.length + bcc.length === 0) problems.push('It goes to nobody. Write an address into To');
	for (const header of headers) {
		const problem = fieldProblem(header);
		if (problem !== undefined) problems.push(problem);
	}
	return problems;
}
