/**
 * Lines of text, exactly as many as there are rows: a screen that is one row too tall is repainted whole, each time.
 */
import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import type {SafeText} from '../source/model/safe-text.ts';
import type {Style} from './theme.ts';

export type Line = {
	readonly text: SafeText;
	readonly style?: Style;
	/** More text after `text`, in styles of its own. */
	readonly rest?: readonly {readonly text: SafeText; readonly style?: Style}[];
};

export function Lines({
	lines,
	columns,
	rows,
}: {
	readonly lines: readonly Line[];
	readonly columns: number;
	readonly rows: number;
}): ReactElement {
	const shown = [];
	for (let row = 0; row < rows; row++) {
		const line = lines[row];
		shown.push(
			<Text key={row} wrap="truncate-end" {...line?.style}>
				{line?.text || (line?.rest ? '' : ' ')}
				{line?.rest?.map((piece, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
					<Text key={index} {...piece.style}>
						{piece.text}
					</Text>
				))}
			</Text>,
		);
	}
	return (
		<Box flexDirection="column" width={columns} height={rows} flexShrink={0}>
			{shown}
		</Box>
	);
}
