/**
 * Shows the program on a screen of so many columns and rows, presses keys, and reads what is there.
 * Nothing here waits for time: a key is done when React and Ink have nothing left to do.
 */

import {afterEach} from 'node:test';
import {useApp} from 'ink';
import {cleanup, render} from 'ink-testing-library';
import type {ReactElement, ReactNode} from 'react';
import {App, type AppProps, type AppTerminal} from '../../components/app.tsx';
import type {Key} from '../../components/key-source.ts';
import {live} from '../../source/session/live.ts';
import type {FakeSession} from './fake-session.ts';

// A countdown that nobody looks at any more would keep the test alive.
afterEach(cleanup);

/** Half past two on 20 November 2024, wherever the test runs. */
export const now = new Date(2024, 10, 20, 14, 30).getTime();

export type Shown = {
	/** Keys by name, one after the other, each in its own packet. */
	press(...names: readonly string[]): Promise<void>;
	/** Several keys before the program can draw even one. */
	pressAtOnce(...names: readonly string[]): Promise<void>;
	type(text: string): Promise<void>;
	settled(): Promise<void>;
	/** The screen's lines. */
	lines(): string[];
	text(): string;
	resize(columns: number, rows: number): Promise<void>;
	/** Frames drawn so far. */
	frames(): number;
	rerender(): Promise<void>;
	readonly quits: () => number;
	readonly crashes: unknown[];
};

const key = (name: string): Key => {
	if (name === 'Space') return {name, text: ' '};
	return {name, text: [...name].length === 1 ? name : ''};
};

/** Ink tells only components how to wait for it. */
function Flushable({
	take,
	children,
}: {
	take(flush: () => Promise<void>): void;
	readonly children?: ReactNode;
}): ReactNode {
	take(useApp().waitUntilRenderFlush);
	return children;
}

export async function show(
	sessions: FakeSession | readonly FakeSession[],
	{columns = 80, rows = 24, ...over}: {columns?: number; rows?: number} & Partial<AppProps & AppTerminal> = {},
): Promise<Shown> {
	const size = live({columns, rows});
	const listeners = new Set<(key: Key) => void>();
	const crashes: unknown[] = [];
	let quits = 0;
	let flush: (() => Promise<void>) | undefined;
	const terminal: AppTerminal = {
		keys(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		size,
		isUtf8: true,
		hasColour: false,
		hasStyles: true,
		hasBars: true,
		looks: live({selection: 'bar', isSlow: false}),
		hold() {},
		suspend: async () => {},
		...over,
	};
	const take = (waitUntilRenderFlush: () => Promise<void>): void => {
		flush = waitUntilRenderFlush;
	};
	const app = (): ReactElement => (
		<Flushable take={take}>
			<App
				sessions={Array.isArray(sessions) ? sessions : [sessions as FakeSession]}
				terminal={terminal}
				clock={() => now}
				onQuit={() => {
					quits++;
				}}
				onCrash={error => {
					crashes.push(error);
				}}
				{...over}
			/>
		</Flushable>
	);
	const instance = render(<Flushable take={take} />);
	// Ink waits for the answer to its last write, which the library's screen never gives.
	const {write} = instance.stdout;
	Object.assign(instance.stdout, {
		write(frame: string, done?: () => void) {
			if (frame !== '') write(frame);
			done?.();
		},
	});
	const resizeTo = (to: {columns: number; rows: number}): void => {
		Object.defineProperties(instance.stdout, {
			columns: {value: to.columns, configurable: true},
			rows: {value: to.rows, configurable: true},
		});
	};
	resizeTo(size.get());
	instance.rerender(app());

	const settled = async (): Promise<void> => {
		let before = -1;
		// A frame may make the next: until a whole round of React's and ours brought none.
		while (before !== instance.frames.length) {
			before = instance.frames.length;
			for (let round = 0; round < 3; round++) await flush?.();
		}
	};
	const send = (name: string): void => {
		for (const listener of listeners) listener(key(name));
	};
	const shown: Shown = {
		async press(...names) {
			for (const name of names) {
				send(name);
				await settled();
			}
		},
		async pressAtOnce(...names) {
			names.forEach(send);
			await settled();
		},
		async type(text) {
			for (const letter of text) await shown.press(letter === ' ' ? 'Space' : letter);
		},
		settled,
		lines: () => (instance.lastFrame() ?? '').split('\n').map(line => line.replace(/\x1b\[[0-9;]*m/g, '')),
		text: () => shown.lines().join('\n'),
		async resize(toColumns, toRows) {
			resizeTo({columns: toColumns, rows: toRows});
			size.set({columns: toColumns, rows: toRows});
			await settled();
		},
		frames: () => instance.frames.length,
		async rerender() {
			instance.rerender(app());
			await settled();
		},
		quits: () => quits,
		crashes,
	};
	await settled();
	return shown;
}
