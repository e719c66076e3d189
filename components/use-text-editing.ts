/**
 * Writing the text: in the user's editor, which has the terminal until it ends, or in the built-in one; in the plain mode
 * without an editor line by line.
 */
import {useApp, useIsScreenReaderEnabled} from 'ink';
import {useState} from 'react';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import type {OpenDraft} from '../source/writing/writing.ts';
import type {Program} from './places.ts';
import {safe} from './safe.ts';
import {useTextKeys} from './use-commands.ts';

export type TextEditing = {
	/** Whether the built-in editor is open. */
	readonly isOpen: boolean;
	begin(): void;
	end(): void;
};

export function useTextEditing(draft: OpenDraft, program: Program): TextEditing {
	const [isOpen, setOpen] = useState(false);
	/** What is typed before the editor is there is not meant for us, least of all a `y`. */
	const [isLent, setLent] = useState(false);
	useTextKeys(isLent ? () => {} : undefined);
	const isPlain = useIsScreenReaderEnabled();
	const {suspendTerminal} = useApp();

	/** What is typed comes below what is there, and above the signature. */
	const askLine = (): void =>
		program.ask({
			kind: 'line',
			label: safe`Line ${linesIn(draft.draft.get().text) + 1} of the text, a dot alone ends it: `,
			initial: '',
			takesEmpty: true,
			onEnter(line) {
				if (line === '.') return program.say(ours('the text is as it stands now'));
				const {text} = draft.draft.get();
				const at = text.lastIndexOf('\n-- \n');
				const [own, signature] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at)];
				const above = own === '' || own.endsWith('\n') ? own : `${own}\n`;
				draft.change({text: `${above}${line}\n${signature}`});
				askLine();
			},
		});

	return {
		isOpen,
		begin() {
			if (!draft.hasEditor) {
				if (isPlain) askLine();
				else setOpen(true);
				return;
			}
			let problem: SafeText | undefined;
			const edit = async (): Promise<void> => {
				problem = await draft.edit();
				// Before the screen is drawn again: who sees it may press.
				setLent(false);
			};
			setLent(true);
			void suspendTerminal(edit).then(() => {
				if (problem !== undefined) program.say(problem);
			});
		},
		end() {
			setOpen(false);
			draft.keep();
		},
	};
}

const linesIn = (text: string): number => text.split('\n').length - 1;
