/** A maildrop drained by the real program from Dovecot onto a tmpfs that is full again and again. What is lost throws. */
import {withoutDovecot} from '../test/helpers/dovecot.ts';
import {drainOntoSmallDisk} from '../test/helpers/drain-onto-small-disk.ts';
import {withoutSmallDisks} from '../test/helpers/small-disk.ts';

const messages = 200;

export async function measureDrainSmallDisk(): Promise<string | undefined> {
	if (withoutDovecot !== false || withoutSmallDisks !== false) return undefined;
	const {full} = await drainOntoSmallDisk(messages);
	return `
## Drained onto a disk that is full

${messages} messages, taken by \`bonsai sync\` from Dovecot into local mail on a tmpfs of 200 kB, which is made 200 kB larger whenever it was full: each message is on the server or in the Maildir each time, and in the Maildir once at the end, octet for octet.

| messages | calls that ended with the disk full | lost | doubled |
| ---: | ---: | ---: | ---: |
| ${messages} | ${full} | 0 | 0 |
`;
}
