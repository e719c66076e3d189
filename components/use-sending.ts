/** What happens to a draft by itself while one looks at it: it is sent, and parts of messages come into it. */
import {useEffect} from 'react';
import {ours, safeLine} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import type {OpenDraft, Writing} from '../source/writing/writing.ts';
import type {Program} from './places.ts';
import {useLive} from './use-live.ts';

/** Leaves the screen when it is on its way; says so when it cannot be. */
export function useSending(draft: OpenDraft, program: Program): void {
	const sending = useLive(draft.sending);
	// biome-ignore lint/correctness/useExhaustiveDependencies: once for each thing that became of it
	useEffect(() => {
		// When it leaves, the session says.
		if (sending.state === 'queued') program.back();
		if (sending.state === 'failed') program.say(sending.because);
		if (sending.state === 'queueing') program.sayAloud(ours('it is being put into the outbox'));
	}, [sending]);
	const trouble = useLive(draft.trouble);
	// biome-ignore lint/correctness/useExhaustiveDependencies: once for each trouble
	useEffect(() => {
		if (trouble !== '') program.say(trouble);
	}, [trouble]);
}

/** What has come has a size that is certain. */
export function useArrivals(draft: OpenDraft, writing: Writing, session: Session): void {
	const transfers = useLive(session.transfers);
	useEffect(() => {
		const arrived = (file: string): boolean =>
			transfers.some(each => each.state === 'done' && each.file === safeLine(file));
		const {attachments} = draft.draft.get();
		const exact = attachments.map(attachment => {
			if (attachment.file === undefined || !arrived(attachment.file)) return attachment;
			const found = writing.fileAt(attachment.file);
			return 'problem' in found || found.sizeBytes === attachment.sizeBytes
				? attachment
				: {...attachment, sizeBytes: found.sizeBytes};
		});
		if (exact.some((each, index) => each !== attachments[index])) draft.change({attachments: exact});
	}, [transfers, draft, writing]);
}
