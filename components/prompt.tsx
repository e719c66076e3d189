/**
 * What the status line becomes while something is asked: a line to type, a yes or no, or one of several by a letter.
 */
import {Text, useIsScreenReaderEnabled} from 'ink';
import {type ReactElement, useId, useState} from 'react';
import {ours, type SafeText, safeJoin, safeLine} from '../source/model/safe-text.ts';
import {fit, widthOf} from '../source/model/width.ts';
import {aloud} from './aloud.ts';
import {endOf} from './end-of.ts';
import {edited, editLine, textOf} from './line-editor.ts';
import {safe} from './safe.ts';
import {Spoken} from './spoken.tsx';
import {useTextKeys} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';

export type Question =
	| {
			readonly kind: 'line';
			readonly label: SafeText;
			readonly initial: string;
			/** The key that began it is the first of what is typed. */
			readonly isBegun?: boolean;
			/** Nothing typed is an answer too, and blanks are part of it. */
			readonly takesEmpty?: boolean;
			onEnter(text: string): void;
			/** What Tab makes of it. */
			complete?(text: string): string;
	  }
	| {
			readonly kind: 'yes-or-no';
			readonly label: SafeText;
			/** It comes by itself, so a key that was meant for something else is no answer. */
			readonly isFirm?: boolean;
			/** Keys that are a yes too. */
			readonly yesKeys?: readonly string[];
			onYes(): void;
			onNo?(): void;
	  }
	| {
			readonly kind: 'choice';
			readonly label: SafeText;
			/** Each by a letter. */
			readonly choices: readonly {readonly key: string; readonly words: SafeText; onChosen(): void}[];
			/** What any other key is. */
			readonly otherwise: SafeText;
	  };

type PromptProps<T extends Question> = {
	readonly question: T;
	readonly columns: number;
	/** The row of the screen it stands on, for the cursor. */
	readonly row: number;
	onDone(): void;
};

export function Prompt({question, ...props}: PromptProps<Question>): ReactElement {
	if (question.kind === 'line') return <LinePrompt question={question} {...props} />;
	if (question.kind === 'choice') return <Choice question={question} {...props} />;
	return <YesOrNo question={question} {...props} />;
}

function LinePrompt({question, columns, row, onDone}: PromptProps<Extract<Question, {kind: 'line'}>>): ReactElement {
	const [line, setLine] = useState(() => editLine(question.initial));
	const [isBegun, begin] = useState(question.isBegun === true);
	useTextKeys(key => {
		if (key.name === 'Escape' || key.name === 'Ctrl+c' || key.name === 'Ctrl+g') return onDone();
		if (key.name === 'StartOfLine') return setLine(editLine(''));
		// A line that only asked the question is no answer to it.
		if (key.name === 'EndOfLine' && !isBegun && !question.takesEmpty) return;
		if (key.name === 'Enter' || key.name === 'EndOfLine') {
			onDone();
			const text = question.takesEmpty ? textOf(line) : textOf(line).trim();
			if (text !== '' || question.takesEmpty) question.onEnter(text);
			return;
		}
		if (key.name === 'Tab' && question.complete) return setLine(editLine(question.complete(textOf(line))));
		begin(true);
		setLine(edited(line, key) ?? line);
	});
	const room = Math.max(1, columns - widthOf(question.label) - 1);
	const before = endOf(safeLine(line.before.join('')), room);
	const after = safeLine(line.after.join(''));
	useCursorAt('text', {x: widthOf(question.label) + widthOf(before), y: row});
	if (useIsScreenReaderEnabled()) return <Asked label={question.label} typed={safeLine(textOf(line))} />;
	return (
		<Text wrap="truncate-end">
			{question.label}
			{before}
			{fit(after, columns - widthOf(question.label) - widthOf(before))}
		</Text>
	);
}

function Asked({label, typed}: {readonly label: SafeText; readonly typed?: SafeText}): ReactElement {
	const id = useId();
	return (
		<>
			<Spoken kind="question" id={id} words={aloud(label === ':' ? ours('Command:') : label)} />
			{typed !== undefined && <Spoken kind="typed" id={id} words={typed} />}
		</>
	);
}

const yes: readonly string[] = ['y', 'Y'];
const no: readonly string[] = ['n', 'N', 'Escape', 'Ctrl+c'];

function YesOrNo({question, columns, row, onDone}: PromptProps<Extract<Question, {kind: 'yes-or-no'}>>): ReactElement {
	useTextKeys(key => {
		// Around a line, and no answer.
		if (key.name === 'StartOfLine' || key.name === 'EndOfLine') return;
		const isYes = yes.includes(key.name);
		const isNo = no.includes(key.name);
		if (question.isFirm && !isYes && !isNo) return;
		onDone();
		if (isYes || (!isNo && question.yesKeys?.includes(key.name))) question.onYes();
		else question.onNo?.();
	});
	const long = safe`${question.label} ${ours('(y for yes, any other key for no)')}`;
	// What is asked is worth more than how to answer it.
	const isLong = !question.isFirm && widthOf(long) <= columns;
	const text = isLong ? long : safe`${question.label} ${ours('(y or n)')}`;
	useCursorAt('text', {x: Math.min(widthOf(text) + 1, columns - 1), y: row});
	if (useIsScreenReaderEnabled()) return <Asked label={text} />;
	return <Text wrap="truncate-end">{fit(text, columns)}</Text>;
}

/** `Attach 3 other parts? a: all, 6.0 MB, ~21 min  c: choose  else: text only`. */
function Choice({question, columns, row, onDone}: PromptProps<Extract<Question, {kind: 'choice'}>>): ReactElement {
	useTextKeys(key => {
		// Around a line, and no answer.
		if (key.name === 'StartOfLine' || key.name === 'EndOfLine') return;
		onDone();
		const pressed = key.name.toLowerCase();
		// A yes is the first of them.
		const chosen = pressed === 'y' ? question.choices[0] : question.choices.find(each => each.key === pressed);
		chosen?.onChosen();
	});
	const choices = question.choices.map(({key, words}) => safe`${safeLine(key)}: ${words}`);
	const long = safe`${question.label} ${safeJoin(choices, ours('  '))}  ${ours('else:')} ${question.otherwise}`;
	const text = widthOf(long) <= columns ? long : safe`${question.label} ${safeJoin(choices, ours('  '))}`;
	useCursorAt('text', {x: Math.min(widthOf(text) + 1, columns - 1), y: row});
	if (useIsScreenReaderEnabled()) return <Asked label={long} />;
	return <Text wrap="truncate-end">{fit(text, columns)}</Text>;
}
