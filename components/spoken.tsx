/**
 * What is heard or felt instead of seen, in the plain mode: one line of words (source/model/spoken.ts).
 * Nothing is drawn in the other mode.
 */
import {Text} from 'ink';
import type {ReactElement} from 'react';
import type {SafeText} from '../source/model/safe-text.ts';
import {type SpokenKind, spoken} from '../source/model/spoken.ts';

export type SpokenProps = {
	readonly kind: SpokenKind;
	readonly id?: string;
	readonly words: SafeText;
};

export const Spoken = ({kind, id = '', words}: SpokenProps): ReactElement => <Text>{spoken({kind, id, words})}</Text>;
