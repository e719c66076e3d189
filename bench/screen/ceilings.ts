/** What issue 4 says must be reached, by terminal: some of it absolute, the rest by what mutt wrote in the same run. */
import type {Costs, Step, StepCost} from './measure-program.ts';

export type Ceiling = {readonly words: string; readonly isOver: (cost: StepCost) => boolean};
export type PeerCosts = ReadonlyMap<string, Costs>;

const downs: readonly Step[] = ['down, row 3', 'down, row 10', 'down, row 18'];
const atMost = (bytes: number): Ceiling => ({words: `≤ ${bytes}`, isOver: cost => cost.bytes > bytes});

export function ceilingsOf(term: string, peers: PeerCosts): ReadonlyMap<Step, Ceiling> {
	const of = (step: Step, program = 'mutt -n'): number => peers.get(program)?.get(step)?.bytes ?? 0;
	const share = (factor: number, step: Step, program?: string): Ceiling =>
		atMost(Math.floor(factor * of(step, program)));
	if (term.startsWith('vt')) {
		return new Map<Step, Ceiling>([
			['first', share(1, 'first')],
			...downs.map((step): [Step, Ceiling] => [step, share(1, step, 'mutt -n, arrow_cursor')]),
			['flag', share(1, 'flag')],
			['page down', share(1, 'page down')],
			['open', share(1, 'open')],
			['scroll a line', share(1, 'scroll a line')],
			['typed char', atMost(4)],
		]);
	}
	return new Map<Step, Ceiling>([
		['first', share(0.75, 'first')],
		...downs.map((step): [Step, Ceiling] => [step, atMost(35)]),
		['flag', atMost(35)],
		['page down', share(0.9, 'page down')],
		['open', share(0.9, 'open')],
		['scroll a line', {words: '≤ 60 + text', isOver: cost => cost.bytes > 60 + cost.newText}],
		['typed char', atMost(4)],
	]);
}
