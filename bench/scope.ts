/** What the helpers of the tests want of a test, outside of one: to clean up behind it. */
import type {TestContext} from 'node:test';

export function scope(): {readonly context: TestContext; readonly end: () => Promise<void>} {
	const works: (() => unknown)[] = [];
	const context = {after: (work: () => unknown) => works.push(work)} as unknown as TestContext;
	return {
		context,
		async end() {
			for (const work of works.reverse()) await work();
		},
	};
}
