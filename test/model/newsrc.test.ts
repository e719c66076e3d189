/** Our own state as a newsrc file. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readNewsrc, writeNewsrc} from '../../source/model/newsrc.ts';

const url = 'imap://lists.example.org/r.net';

test('what is exported is read back', () => {
	const marks = [
		{what: '\\Seen', isSet: true, uids: [1, 2, 3, 7]},
		{what: '\\Flagged', isSet: true, uids: [3]},
		{what: '\\Hidden', isSet: true, uids: [9, 10]},
		{what: 'todo', isSet: true, uids: [2]},
		{what: '\\Seen', isSet: false, uids: [4]},
	];
	const text = writeNewsrc('r.net', url, 17, marks);
	assert.equal(
		text,
		`# Bonsai ${url};UIDVALIDITY=17\nr.net: 1-3,7\n# +\\Flagged 3\n# +\\Hidden 9-10\n# +todo 2\n# -\\Seen 4\n`,
	);
	assert.deepEqual(readNewsrc(text, 'r.net'), {uidValidity: 17, marks});
});

test('a name with what a newsrc cannot have in it is found again', () => {
	const text = writeNewsrc('Public/a: b!', url, 3, [{what: '\\Seen', isSet: true, uids: [1]}]);
	assert.match(text, /^Public\/a%3A%20b%21: 1$/m);
	assert.deepEqual(readNewsrc(text, 'Public/a: b!'), {
		uidValidity: 3,
		marks: [{what: '\\Seen', isSet: true, uids: [1]}],
	});
});

test("of a newsreader's file the one group is read, and that it does not say whose numbers they are", () => {
	const text = `${writeNewsrc('other', url, 5, [{what: 'x', isSet: true, uids: [1]}])}options -n\nr.net! 0-4,9\nlast: 1\n`;
	assert.deepEqual(readNewsrc(text, 'r.net'), {
		uidValidity: undefined,
		marks: [{what: '\\Seen', isSet: true, uids: [1, 2, 3, 4, 9]}],
	});
});

test('a line that cannot be read is named, and a file without the mailbox is said to be so', () => {
	assert.deepEqual(readNewsrc('r.net: 1-3\nwhat is this\n', 'r.net'), {problem: 'line 2 cannot be read: what is this'});
	assert.deepEqual(readNewsrc('r.net: 3-1\n', 'r.net'), {problem: 'line 1 cannot be read: r.net: 3-1'});
	assert.deepEqual(readNewsrc('other: 1\n', 'r.net'), {problem: 'there is no line that begins with r.net:'});
});
