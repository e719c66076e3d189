/** Two mailing lists: who writes there, and what about. */
import {multipart, text} from './compose.ts';
import {firstName, letter, type Planned, signature, wrap} from './letters.ts';
import type {Person} from './people.ts';
import type {Random} from './random.ts';

type MailingList = {
	readonly name: string;
	readonly address: string;
	readonly people: readonly Person[];
	readonly subjects: readonly string[];
	readonly sentences: readonly string[];
};

const member = (name: string, address: string): Person => ({name, address, place: ''});

export const lists: Readonly<Record<string, MailingList>> = {
	ink: {
		name: 'ink',
		address: 'ink@lists.example',
		people: [
			member('Mireille Fabre', 'mireille@fabre.example'),
			member('Jun Park', 'jun@park.example'),
			member('Tadeusz Zielinski', 'tz@zielinski.example'),
			member('Olu Adeyemi', 'olu@adeyemi.example'),
		],
		subjects: [
			'Flicker when a list is taller than the screen',
			'useInput and bracketed paste',
			'Wide characters and borders',
			'Rendering to something that is not a terminal',
			'Static output above a live region',
			'Testing with a fake terminal',
		],
		sentences: [
			'I can see it with 24 rows and never with 25.',
			'Every frame is written whole, so a slow line shows each of them being painted.',
			'Writing only the cells that changed brought it from 2,100 bytes a key to 40.',
			'The width of a flag emoji is two in one terminal and four in the next.',
			'A snapshot test found this before I did.',
			'Could we make the cursor visible at the selected row? Screen readers follow it.',
			'I have a patch, but it needs somebody with a VT100 to try it.',
		],
	},
	'imap-protocol': {
		name: 'imap-protocol',
		address: 'imap-protocol@lists.example',
		people: [
			member('Edith Crane', 'edith@crane.example'),
			member('Bohdan Kowal', 'kowal@wire.example'),
			member('Sanna Virtanen', 'sanna@virtanen.example'),
			member('H. G. Pell', 'pell@oldmail.example'),
			member('Rui Costa', 'rui@costa.example'),
		],
		subjects: [
			'VANISHED before the UIDVALIDITY is known',
			'Untagged FETCH between two pipelined commands',
			'Is BINARY.SIZE allowed to be an estimate?',
			'QRESYNC and a server that was restored from backup',
			'COMPRESS and BEAST, again',
			'ESEARCH without results',
			'What RFC 1733 meant by disconnected',
		],
		sentences: [
			'Section 7.4.1 forbids EXPUNGE during FETCH, STORE and SEARCH, and says nothing about UID FETCH.',
			'Our server sends the rows of the second command before the tagged OK of the first; clients must not care.',
			'A client that trusts the tag to tell whose row it is will be wrong sooner or later.',
			'The modification sequence may be told in any response, and only the last one counts.',
			'I read it as a SHOULD, but I also wrote half of it, so do not trust me.',
			'A literal cannot be taken back once it has begun; ask for less at a time.',
			'We tried it over a satellite link: 600 ms and one turn is bearable, twelve are not.',
			'NIL is not the empty string, and three implementations disagree.',
		],
	},
};

/** One message of a mailing list; `index` counts within its thread. */
export const planListMessage = (
	list: MailingList,
	thread: number,
	index: number,
	time: number,
	chance: Random,
	flags: readonly string[],
): Planned => {
	const from = chance.pick(list.people);
	const subject = list.subjects[thread % list.subjects.length]!;
	const own = chance.some(list.sentences, 1 + chance.below(3)).join(' ');
	const quoted = index === 0 ? '' : `> ${wrap(chance.pick(list.sentences), 70).replace(/\n/g, '\n> ')}\n\n`;
	const id = (n: number) => `${list.name}.${thread}.${n}@lists.example`;
	return {
		time,
		flags,
		write: () =>
			letter(
				{
					from,
					to: [{name: '', address: list.address, place: ''}],
					subject: `${index === 0 ? '' : 'Re: '}[${list.name}] ${subject}`,
					time,
					id: id(index),
					references: Array.from({length: index}, (_, n) => id(n)),
					more: [
						['List-Id', `<${list.name}.lists.example>`],
						['List-Post', `<mailto:${list.address}>`],
					],
				},
				multipart('mixed', [
					text(`${quoted}${wrap(own)}\n\n${firstName(from)}\n${signature({...from, place: list.address})}`),
					text(
						`_______________________________________________\n${list.name} mailing list\nhttps://lists.example/${list.name}\n`,
					),
				]),
			),
	};
};
