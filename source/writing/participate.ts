/**
 * An answer to an invitation as a draft: to the organiser, as whom was invited, in words and, beside them, for the
 * organiser's program (RFC 6047). Pure.
 */
import {replyTo} from '../calendar/reply.ts';
import {withSignature} from '../compose/quote.ts';
import {type Draft, emptyDraft} from '../model/draft.ts';
import type {Answer, Invitation} from '../model/invitation.ts';
import type {Identity} from '../model/sending.ts';

/** Characters; somebody else wrote it. */
const longestSubject = 200;

type Participating = {
	readonly answer: Answer;
	readonly identities: readonly Identity[];
	readonly signatureOf: (identity: Identity) => string;
	/** Of the message that invites. */
	readonly thread: Pick<Draft, 'inReplyTo' | 'references'>;
	/** Ms since the epoch. */
	readonly now: number;
};

const subjects: Record<Answer, string> = {accepted: 'Accepted', tentative: 'Tentative', declined: 'Declined'};
const sentences: Record<Answer, string> = {
	accepted: 'I accept this invitation.',
	tentative: 'I accept this invitation tentatively: perhaps I can come.',
	declined: 'I decline this invitation.',
};
const words: Record<Answer, string> = {
	accepted: 'accepts the invitation',
	tentative: 'accepts the invitation tentatively',
	declined: 'declines the invitation',
};

export function participate(
	invitation: Invitation,
	{answer, identities, signatureOf, thread, now}: Participating,
): Draft | {readonly problem: string} {
	const {method, isCancelled, organiser, attendees, repeated} = invitation;
	if (isCancelled) return {problem: 'it is cancelled: there is nothing to answer'};
	if (method !== 'request') return {problem: 'nobody waits for an answer to it'};
	if (organiser === undefined) return {problem: 'it does not say who organises it, so there is nobody to answer'};
	if (organiser.address === '') return {problem: 'its organiser gives no mail address to answer to'};
	if (repeated.uid === '')
		return {problem: 'it has no name of its own (UID) by which an answer could be told from others'};
	const own = new Map(identities.map(identity => [identity.address.toLowerCase(), identity]));
	if (own.has(organiser.address.toLowerCase()))
		return {problem: 'you organise it yourself: nobody waits for your answer'};
	const attendee = attendees.find(({address}) => address !== '' && own.has(address.toLowerCase()));
	const identity = attendee && own.get(attendee.address.toLowerCase());
	if (attendee === undefined || identity === undefined)
		return {problem: 'none of your addresses is among those it invites: :reply answers in words'};
	const summary = repeated.summary.replaceAll(/\s+/g, ' ').trim().slice(0, longestSubject);
	const about = [summary, repeated.when].filter(line => line !== '');
	return {
		...emptyDraft({name: identity.name, address: identity.address}),
		...thread,
		to: [{name: organiser.name === organiser.address ? '' : organiser.name, address: organiser.address}],
		subject: `${subjects[answer]}: ${summary || 'invitation'}`,
		text: withSignature(`${[sentences[answer], '', ...about].join('\n')}\n`, signatureOf(identity)),
		alternative: {
			type: 'text/calendar; charset=utf-8; method=REPLY',
			text: replyTo(invitation, {attendee, answer, now}),
			words: words[answer],
		},
	};
}
