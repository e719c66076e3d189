/** A process that does one thing to all letters of a folder, as fast as it can, and says which it could do it to. */
import {OutgoingMail} from '../../source/store/outgoing.ts';

const [folder = '', verb] = process.argv.slice(2);
const mail = new OutgoingMail(folder);
const did = (id: string): boolean => {
	if (verb === 'remove') return mail.remove(id);
	if (verb === 'hold') return mail.setHeld(id, true);
	try {
		mail.markSending(id);
		return true;
	} catch {
		return false;
	}
};
const ids = mail.all().map(({id}) => id);
process.stdout.write('ready\n');
process.stdin.once('data', () => {
	process.stdout.write(`${ids.filter(did).join(' ')}\n`);
	process.exit();
});
