import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {AccountForm} from '../../components/account-form.ts';
import {show} from './show.tsx';

describe('without an account', () => {
	test('Enter opens the demo', async () => {
		let demos = 0;
		const start = {addAccount: async () => undefined, openDemo: () => void demos++};
		const screen = await show([], {start});
		assert.match(screen.text(), /There is no account yet/);
		await screen.press('Enter');
		assert.equal(demos, 1);
	});
	test('a form adds an account, and a refusal is shown', async () => {
		const forms: AccountForm[] = [];
		const start = {
			async addAccount(form: AccountForm) {
				forms.push(form);
				return 'the server does not know you';
			},
			openDemo() {},
		};
		const screen = await show([], {start});
		await screen.press('Down');
		await screen.type('work');
		await screen.press('Enter');
		await screen.type('localhost:1143');
		await screen.press('Enter', 'Space', 'Tab');
		await screen.type('me');
		await screen.press('Tab', 'Tab');
		await screen.type('pass mail');
		await screen.press('Enter', 'Enter');
		assert.deepEqual(forms, [
			{
				name: 'work',
				host: 'localhost',
				port: 1143,
				security: 'starttls',
				user: 'me',
				password: {from: 'command', command: 'pass mail'},
			},
		]);
		assert.match(screen.text(), /the server does not know you/);
	});
	test('what is missing is said', async () => {
		const screen = await show([], {start: {addAccount: async () => undefined, openDemo() {}}});
		await screen.press(...Array.from({length: 9}, () => 'Down'), 'Enter');
		assert.match(screen.text(), /a name is needed/);
	});
	for (const [columns, rows] of [
		[80, 24],
		[60, 10],
	] as const) {
		test(`the form fits ${columns}x${rows}`, async () => {
			const screen = await show([], {columns, rows});
			await screen.press('Down', 'Down', 'Down', 'Down', 'Down');
			assert.equal(screen.lines().length, rows);
			assert.match(screen.text(), /Password from/);
		});
	}
});
