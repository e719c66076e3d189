import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {remoteContract} from './contract.ts';

remoteContract('the demo server', async () => {
	const server = await startDemoServer({
		users: [{user: 'contract', password: 'pass'}],
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Trash', specialUse: '\\Trash', state: new MailboxState(8)},
		],
	});
	return {port: server.port, password: 'pass', stop: () => server.close()};
});

remoteContract('Dovecot', () => startDovecot(), withoutDovecot);
