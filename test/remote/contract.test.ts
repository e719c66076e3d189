import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {changesContract} from './changes-contract.ts';
import {collectingContract} from './collecting-contract.ts';
import {remoteContract} from './contract.ts';
import type {ContractServer} from './contract-fixture.ts';
import {mailboxContract} from './mailbox-contract.ts';

async function startDemo(): Promise<ContractServer> {
	const server = await startDemoServer({
		users: [{user: 'contract', password: 'pass'}],
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Trash', specialUse: '\\Trash', state: new MailboxState(8)},
		],
	});
	return {port: server.port, password: 'pass', stop: () => server.close()};
}

for (const contract of [remoteContract, changesContract, collectingContract, mailboxContract]) {
	contract('the demo server', startDemo);
	contract('Dovecot', () => startDovecot(() => {}, {lends: true}), withoutDovecot);
}
