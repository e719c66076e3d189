/**
 * The fields of a message that is written: their names, what is in them as one types it, and what becomes of the draft when
 * one has typed something else. Pure.
 */
import type {Address, Draft} from '../source/model/draft.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';

export type Field =
	| {readonly field: 'from' | 'to' | 'cc' | 'bcc' | 'replyTo' | 'subject' | 'alternative' | 'text'}
	| {readonly field: 'header' | 'attachment'; readonly index: number};

const always = ['from', 'to', 'cc', 'bcc'] as const;

/** In the order they stand in; the text is the last. */
export function fieldsOf(draft: Draft): readonly Field[] {
	const text: Field = {field: 'text'};
	if (draft.resends !== undefined) return [...always.map(field => ({field})), text];
	return [
		...always.map(field => ({field})),
		{field: 'replyTo'},
		{field: 'subject'},
		...(draft.alternative ? [{field: 'alternative'} as const] : []),
		...draft.headers.map((_, index): Field => ({field: 'header', index})),
		...draft.attachments.map((_, index): Field => ({field: 'attachment', index})),
		text,
	];
}

export const isSame = (a: Field, b: Field): boolean =>
	a.field === b.field && ('index' in a ? a.index : 0) === ('index' in b ? b.index : 0);

export const indexOf = (draft: Draft, wanted: Field): number =>
	Math.max(
		0,
		fieldsOf(draft).findIndex(each => isSame(each, wanted)),
	);

const labels = {
	from: 'From',
	to: 'To',
	cc: 'Cc',
	bcc: 'Bcc',
	replyTo: 'Reply-To',
	subject: 'Subject',
	alternative: 'Answer',
	header: 'Header',
	attachment: 'Attached',
	text: 'Text',
} as const;

export const labelOf = ({field}: Field, draft: Draft): SafeText =>
	ours(draft.resends !== undefined && field === 'from' ? 'Resent by' : labels[field]);

/** Whether one types addresses into it, which can be completed. */
export const holdsAddresses = ({field}: Field): boolean =>
	field === 'from' || field === 'to' || field === 'cc' || field === 'bcc' || field === 'replyTo';

type Typed = (addresses: readonly Address[]) => string;

/** What of the draft it is in. */
export const keyOf = ({field}: Field): keyof Draft =>
	field === 'header' ? 'headers' : field === 'attachment' ? 'attachments' : field;

/** As one types it. */
export function typedValue(each: Field, draft: Draft, typed: Typed): string {
	switch (each.field) {
		case 'from':
			return draft.from.address === '' && draft.from.name === '' ? '' : typed([draft.from]);
		case 'to':
		case 'cc':
		case 'bcc':
		case 'replyTo':
			return typed(draft[each.field]);
		case 'subject':
			return draft.subject;
		case 'alternative':
			return draft.alternative?.words ?? '';
		case 'header': {
			const header = draft.headers[each.index];
			return header === undefined ? '' : `${header.name}: ${header.value}`;
		}
		case 'attachment':
			return draft.attachments[each.index]?.name ?? '';
		case 'text':
			return draft.text;
	}
}

/** What one has typed, in the draft; or why it cannot be. */
export function withValue(
	each: Field,
	text: string,
	draft: Draft,
	read: (text: string) => readonly Address[],
): Partial<Draft> | {readonly problem: SafeText} {
	switch (each.field) {
		case 'from': {
			const [first, ...others] = read(text);
			if (others.length > 0) return {problem: ours('a message is from one person: write the others into Cc')};
			return {from: first ?? {name: '', address: ''}};
		}
		case 'to':
		case 'cc':
		case 'bcc':
		case 'replyTo':
			return {[each.field]: read(text)};
		case 'subject':
			return {subject: text};
		case 'alternative':
			return {problem: ours('who answers otherwise does so from the invitation')};
		case 'header': {
			const headers = [...draft.headers];
			if (text.trim() === '') return {headers: headers.filter((_, index) => index !== each.index)};
			const [, name = '', value = ''] = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/.exec(text) ?? [];
			if (name === '') return {problem: safeLine('a header field looks like “Name: value”')};
			headers[each.index] = {name, value};
			return {headers};
		}
		case 'attachment': {
			const attachments = draft.attachments.map((attachment, index) =>
				index === each.index && text.trim() !== '' ? {...attachment, name: text.trim()} : attachment,
			);
			return {attachments};
		}
		case 'text':
			return {text};
	}
}

/** Without what is in it. */
export function emptied(each: Field, draft: Draft): Partial<Draft> | undefined {
	switch (each.field) {
		case 'attachment':
			return {attachments: draft.attachments.filter((_, index) => index !== each.index)};
		case 'header':
			return {headers: draft.headers.filter((_, index) => index !== each.index)};
		case 'to':
		case 'cc':
		case 'bcc':
		case 'replyTo':
			return draft[each.field].length === 0 ? undefined : {[each.field]: []};
		case 'subject':
			return draft.subject === '' ? undefined : {subject: ''};
		case 'alternative':
			return draft.alternative && {alternative: undefined};
		case 'from':
		case 'text':
			return undefined;
	}
}
