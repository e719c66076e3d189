/** Whose addresses are found, and in which order. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {isMeant, People, readAnswer} from '../../source/writing/people.ts';
import {peopleInVcards} from '../../source/writing/vcards.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {until} from '../helpers/waiting.ts';

const none = {inMail: () => [], addressBook: '', queryCommand: '', own: new Set<string>()};
const addresses = (people: People): string[] => people.found.get().people.map(({address}) => address);

test('who one has written to comes before who has only written, and nobody twice, under their newest name', () => {
	const people = new People({
		...none,
		own: new Set(['me@x.org']),
		inMail: () => [
			{from: 'Ada L. <ADA@x.org>', to: 'me@x.org', cc: 'Adolf <adolf@x.org>'},
			{from: 'me@x.org', to: 'adam@x.org, "Smith, Ada" <smith@x.org>', cc: ''},
			{from: 'Ada <ada@x.org>', to: '', cc: ''},
		],
	});
	people.find('ad');
	assert.deepEqual(addresses(people), ['adam@x.org', 'smith@x.org', 'ada@x.org', 'adolf@x.org']);
	assert.equal(people.found.get().people[2]?.name, 'Ada L.');
	people.find('');
	assert.deepEqual(addresses(people), []);
});
test('each word that is typed begins a word of the name or of the address', () => {
	const ada = {name: 'Ada King Lovelace', address: 'countess@babbage.example'};
	for (const text of ['ada', 'LOVE', 'king ada', 'countess@', 'babb', 'ada bab', 'lóve'])
		assert.ok(isMeant(ada, text), text);
	for (const text of ['da', 'ada x', 'ountess']) assert.ok(!isMeant(ada, text), text);
});
test('a vCard file is read: folded lines, several addresses, groups, quoted-printable and cards without a name', async context => {
	const file = path.join(ownFolder(context), 'people.vcf');
	const cards = [
		'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\\, Countess\r\n  of Lovelace\r\nitem1.EMAIL;TYPE=work:ada@x.org\r\nEMAIL:ada@y.org\r\nEND:VCARD\r\n',
		'BEGIN:VCARD\nVERSION:2.1\nN:M=C3=BCller;Jo\nN;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Jo\nEMAIL:jo@x.org\nEMAIL:nonsense\nEND:VCARD\n',
		'garbage\n',
	].join('');
	fs.writeFileSync(file, cards);
	assert.deepEqual(
		peopleInVcards(cards).map(({name, address}) => `${name} <${address}>`),
		['Ada, Countess of Lovelace <ada@x.org>', 'Ada, Countess of Lovelace <ada@y.org>', 'Jo M=C3=BCller <jo@x.org>'],
	);
	const people = new People({...none, addressBook: file});
	people.find('countess');
	assert.deepEqual(addresses(people), ['ada@x.org', 'ada@y.org']);
	const missing = new People({...none, addressBook: `${file}.gone`});
	missing.find('a');
	assert.deepEqual(addresses(missing), []);
});
test('a command is asked with what was typed as one word, and answers as mutt’s query_command does', async context => {
	const said = path.join(ownFolder(context), 'said');
	const queryCommand = `echo %s > '${said}'; printf 'Searching... 2 found\\nada@x.org\\tAda\\tnote\\nnonsense\\njo@x.org\\tJo\\n'`;
	const people = new People({...none, queryCommand});
	people.find("a'b; echo no");
	assert.equal(people.found.get().isAsking, true);
	await until(people.found, ({isAsking}) => !isAsking);
	assert.deepEqual(addresses(people), ['ada@x.org', 'jo@x.org']);
	assert.equal(fs.readFileSync(said, 'utf8'), "a'b; echo no\n");
	assert.deepEqual(readAnswer('nobody\n'), []);
});
test('a command that fails says so, and what is here is found all the same', async () => {
	const inMail = () => [{from: 'Ada <ada@x.org>', to: '', cc: ''}];
	const people = new People({...none, inMail, queryCommand: 'no-such-command-at-all'});
	people.find('ada');
	await until(people.found, ({isAsking}) => !isAsking);
	assert.deepEqual(addresses(people), ['ada@x.org']);
	assert.match(people.found.get().because, /did not answer/);
});
