import assert from 'node:assert/strict';
import fs from 'node:fs';
import {test} from 'node:test';
import {capabilityUses, unusedOf} from '../source/capability-uses.ts';

/** Extensions of SMTP are asked of another server. */
const sourceOf = (folder: string): string[] =>
	fs
		.readdirSync(folder)
		.filter(file => !/^(smtp|submission)/.test(file))
		.map(file => fs.readFileSync(`${folder}/${file}`, 'utf8'));

test('every extension that is asked about anywhere is named by the check, and no other is called used', () => {
	const text = [...sourceOf('source/remote'), ...sourceOf('source/session')].join('\n');
	const asked = [...text.matchAll(/\b(?:capabilities|asker|worker|[a-z]*line|this)?\.?has\('([A-Z0-9=+-]+)'\)/gi)].map(
		([, name = '']) => name,
	);
	// These are of the login, and `values` are what a FETCH brought.
	const others = new Set(['STARTTLS', 'LOGINDISABLED', 'UID']);
	const named = capabilityUses.flatMap(({names}) => names);
	assert.deepEqual([...new Set(asked)].filter(name => !others.has(name)).sort(), [...named].sort());
});

test('what a server has and nothing is done with is told apart from what is used and from ways to log in', () => {
	assert.deepEqual(unusedOf(['IMAP4rev1', 'QRESYNC', 'NOTIFY', 'AUTH=PLAIN', 'LOGINDISABLED', 'LITERAL-']), ['NOTIFY']);
});
