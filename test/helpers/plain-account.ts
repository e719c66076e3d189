/**
 * The account of a test: cleartext on loopback, PLAIN, nothing else, unless the test says so.
 */
import {type Account, accountDefaults} from '../../source/model/account.ts';
import {accountName} from '../../source/model/ids.ts';

export const plainAccount = (port: number, change: Partial<Account> = {}): Account => ({
	...accountDefaults,
	name: accountName('test'),
	host: '127.0.0.1',
	port,
	security: 'none',
	user: 'demo',
	password: {from: 'nowhere'},
	authentication: 'plain',
	...change,
});
