/** What a session lets the user do with the line: ask for news on it, dial, hang up. */
import type {Notice} from '../model/notice.ts';
import {ours} from '../model/safe-text.ts';
import type {Choices} from './choices.ts';
import type {Live} from './live.ts';
import type {OwnMarks} from './own-marks.ts';
import type {PostOfSession} from './post.ts';
import type {SentLook} from './sent-look.ts';
import type {CommandSession, Tell} from './session.ts';
import type {Worker} from './worker.ts';

type LineVerbs = Pick<CommandSession, 'link' | 'look' | 'dial' | 'hangUp'>;

type LineSurroundings = {
	readonly isLocal: boolean;
	readonly worker: Worker;
	readonly choices: Choices;
	readonly marks: OwnMarks;
	readonly post: PostOfSession;
	readonly sentLook: SentLook;
	readonly notice: Live<Notice | undefined>;
	readonly tell: Tell;
};

export const lineVerbs = ({
	isLocal,
	worker,
	choices,
	marks,
	post,
	sentLook,
	notice,
	tell,
}: LineSurroundings): LineVerbs => ({
	link: worker.link,
	look() {
		post.tryAnew();
		sentLook.anew();
		if (worker.selected !== undefined) marks.look(worker.selected);
		const before = notice.get();
		worker.look(
			() => {
				if (notice.get() === before) tell('done', ours('No news'));
			},
			failure => tell('problem', failure.sentence),
		);
	},
	dial() {
		worker.line.dial();
		post.tryAnew();
	},
	hangUp() {
		if (isLocal) tell('problem', ours('There is no line to hang up: this mail is on your disk'));
		// Where the line is down most of the time, that is no news.
		else void worker.line.hangUp(ours(choices.model().dialsByItself ? 'You hung up' : ''));
	},
});
