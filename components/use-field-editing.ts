/**
 * A field of a message that is typed in its place: keys go into its line until Enter keeps it or Escape leaves it as it was.
 * Tab asks who is meant. In the plain mode the same is a question.
 */
import {useIsScreenReaderEnabled} from 'ink';
import {useEffect, useLayoutEffect, useState} from 'react';
import type {Address} from '../source/model/draft.ts';
import {ours, safeLine} from '../source/model/safe-text.ts';
import type {OpenDraft, Writing} from '../source/writing/writing.ts';
import {type Completing, wantedIn, withPerson} from './completion.ts';
import {type Field, holdsAddresses, keyOf, labelOf, typedValue, withValue} from './compose-fields.ts';
import type {Key} from './key-source.ts';
import {type EditedLine, edited, editLine, textOf} from './line-editor.ts';
import type {Program} from './places.ts';
import {safe} from './safe.ts';
import {useTextKeys} from './use-commands.ts';
import {useLive} from './use-live.ts';

type Editing = {
	readonly field: Field;
	readonly line: EditedLine;
	readonly completing: Completing | undefined;
	readonly subject: string;
	/** The field as it was. */
	putBack(): void;
};

export type FieldEditing = {
	/** Undefined: one moves about. */
	readonly now: Editing | undefined;
	/** As it was before one typed, while one does: the title need not follow each key. */
	readonly subject: string | undefined;
	/** Those one chooses among, when there are several. */
	readonly people: readonly Address[];
	begin(field: Field): void;
};

export function useFieldEditing({
	draft,
	writing,
	program,
	isFresh,
	onKept,
}: {
	readonly draft: OpenDraft;
	readonly writing: Writing;
	readonly program: Program;
	/** Begins with To, and goes on to the subject. */
	readonly isFresh: boolean;
	/** One is through with that field; the next is the one to look at. */
	onKept(field: Field, next: Field | undefined): void;
}): FieldEditing {
	const isPlain = useIsScreenReaderEnabled();
	const lineFor = (field: Field): EditedLine => editLine(typedValue(field, draft.draft.get(), writing.typed));
	const startOf = (field: Field): Editing => {
		return {
			field,
			line: lineFor(field),
			completing: undefined,
			subject: draft.draft.get().subject,
			putBack: draft.mark(keyOf(field)),
		};
	};
	const [isGuided, setGuided] = useState(isFresh);
	const [now, setNow] = useState<Editing | undefined>(() => (isFresh && !isPlain ? startOf({field: 'to'}) : undefined));
	const found = useLive(writing.found);

	const nextOf = ({field}: Field): Field | undefined => {
		if (!isGuided) return undefined;
		const {resends, subject} = draft.draft.get();
		if (field === 'to' && resends === undefined && subject === '') return {field: 'subject'};
		return {field: 'text'};
	};
	/** What is typed is in the draft with each key, so that a pause has it on the disk; Escape puts it back. */
	const type = (editing: Editing): void => {
		setNow(editing);
		const text = textOf(editing.line);
		if (text === textOf(now?.line ?? editing.line) || (editing.field.field === 'header' && text.trim() === '')) return;
		const change = withValue(editing.field, text, draft.draft.get(), writing.addressesIn);
		if (!('problem' in change)) draft.change(change);
	};
	/** Returns whether it is kept. */
	const keep = (field: Field, text: string): boolean => {
		const change = withValue(field, text, draft.draft.get(), writing.addressesIn);
		if ('problem' in change) {
			program.say(change.problem);
			return false;
		}
		if (text !== typedValue(field, draft.draft.get(), writing.typed)) draft.change(change);
		const next = nextOf(field);
		if (next?.field !== 'subject') setGuided(false);
		onKept(field, next);
		if (next?.field === 'subject') begin(next);
		else setNow(undefined);
		return true;
	};
	const ask = (field: Field): void =>
		program.ask({
			kind: 'line',
			label: safe`${labelOf(field, draft.draft.get())}: `,
			initial: textOf(lineFor(field)),
			onEnter: text => void keep(field, text),
			complete: text => (holdsAddresses(field) ? completedAlone(text) : text),
		});
	/** With who comes first; what one hears is who that is. */
	const completedAlone = (text: string): string => {
		const asked = editLine(text);
		writing.find(wantedIn(asked));
		const [first] = writing.found.get().people;
		return first ? textOf(withPerson({asked, chosen: 0}, first, writing.typed)) : text;
	};
	const begin = (field: Field): void => {
		if (isPlain) ask(field);
		else setNow(startOf(field));
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: once, as it is opened
	useEffect(() => {
		if (isFresh && isPlain) ask({field: 'to'});
	}, []);

	const choose = (editing: Editing, completing: Completing, index: number): void => {
		const {people} = writing.found.get();
		const chosen = (index + people.length) % people.length;
		const person = people[chosen];
		if (person)
			type({...editing, line: withPerson(completing, person, writing.typed), completing: {...completing, chosen}});
	};
	const complete = (editing: Editing) => {
		const wanted = wantedIn(editing.line);
		if (wanted === '') return program.say(ours('type the beginning of a name or an address first'));
		writing.find(wanted);
		setNow({...editing, completing: {asked: editing.line, chosen: undefined}});
	};
	const awaited = now?.completing?.chosen === undefined ? now?.completing : undefined;
	// Before the next key, which may be the Enter that means who was found.
	useLayoutEffect(() => {
		if (now === undefined || awaited === undefined) return;
		if (found.people.length > 0) choose(now, awaited, 0);
		else if (!found.isAsking) {
			program.say(found.because === '' ? safe`nobody is known as ${safeLine(wantedIn(awaited.asked))}` : found.because);
			setNow({...now, completing: undefined});
		}
	});

	const hasChoice = now?.completing?.chosen !== undefined && found.people.length > 1;
	const onKey = (key: Key) => {
		if (now === undefined) return;
		const {field, line, completing} = now;
		const chosen = hasChoice ? completing?.chosen : undefined;
		switch (key.name) {
			case 'Escape':
			case 'Ctrl+c':
			case 'Ctrl+g':
				if (chosen !== undefined) return type({...now, line: completing?.asked ?? line, completing: undefined});
				setGuided(false);
				now.putBack();
				return setNow(undefined);
			case 'Enter':
			case 'EndOfLine':
				if (chosen === undefined) keep(field, textOf(line));
				else setNow({...now, completing: undefined});
				return;
			case 'Tab':
				if (chosen !== undefined && completing) return choose(now, completing, chosen + 1);
				if (holdsAddresses(field)) complete(now);
				else keep(field, textOf(line));
				return;
			case 'Shift+Tab':
				if (chosen !== undefined && completing) choose(now, completing, chosen - 1);
				return;
			case 'Down':
			case 'Up':
				if (chosen !== undefined && completing) return choose(now, completing, chosen + (key.name === 'Down' ? 1 : -1));
				keep(field, textOf(line));
				return;
			default: {
				const next = edited(line, key);
				if (next) type({...now, line: next, completing: undefined});
			}
		}
	};
	useTextKeys(now === undefined ? undefined : onKey);
	return {now, subject: now?.subject, people: hasChoice ? found.people : [], begin};
}
