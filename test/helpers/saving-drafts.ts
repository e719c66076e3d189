/** Saves a draft again and again, as somebody writes on, and says each version that is on the disk. Ends by a kill. */
import {emptyDraft} from '../../source/model/draft.ts';
import {Drafts} from '../../source/store/drafts.ts';

const drafts = new Drafts(process.argv[2]!);
const draft = emptyDraft({name: 'Ada', address: 'ada@example.org'});
for (let version = 1; ; version++) {
	drafts.save(
		{...draft, subject: String(version), text: 'as long as a letter is\n'.repeat(200 + version)},
		{id: 'one', savedAt: version},
	);
	process.stdout.write(`${version}\n`);
}
