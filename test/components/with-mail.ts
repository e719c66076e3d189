/**
 * A session with a little mail in it: 30 messages, all read, each with two parts, and three mailboxes.
 */
import {inbox, messageId} from '../../source/model/ids.ts';
import {
	type FakeSession,
	fakeMailboxRow,
	fakeMessage,
	fakePart,
	fakeSession,
	noContent,
	textLine,
} from './fake-session.ts';

export function withMail(name = 'demo'): FakeSession {
	const session = fakeSession(name);
	session.fill(
		inbox,
		Array.from({length: 30}, (_, index) => fakeMessage(index + 1)),
	);
	session.mailboxes.set({
		state: 'known',
		mailboxes: [
			fakeMailboxRow('INBOX', {specialUse: 'inbox', messages: 30, unseen: 2}),
			fakeMailboxRow('Lists', {isSelectable: false, hasChildren: true}),
			fakeMailboxRow('Lists/bonsai', {messages: 9}),
		],
	});
	const structure = fakePart('', 'multipart/mixed', {
		children: [fakePart('1', 'text/plain'), fakePart('2', 'image/png')],
	});
	for (let id = 1; id <= 30; id++) {
		const message = session.message(messageId(id));
		message.text = [textLine('Hello')];
		message.content.set({...noContent, state: 'known', structure});
	}
	return session;
}
