/** What one may have forgotten: asked about before a message goes, and never in the way of who means it. Pure. */
import type {Draft} from '../model/draft.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';

/** In what one wrote oneself: words of a file that comes along, in some of the languages people write. */
const speaksOfFile =
	/\b(attach(ed|ing|ment|ments)?|enclosed|anhang|anhänge|angehängt|beigefügt|anbei|anlage|pi[èe]ces?[ -]jointes?|ci-joint(e|s|es)?|adjunt[oa]s?|anexo|anexad[oa]|allegat[oia]|bijlage|bijgevoegd|vedlagt|vedlegg|bifogad?|bifogar|bilaga|liitteenä|załącznik\w*|w załączeniu|přílo[hz]\w*)\b|прикреп|вложени|附件|添付|첨부/iu;

/** Without quotes and the signature. */
const ownWords = (text: string): string => {
	const lines = text.split('\n');
	const signature = lines.lastIndexOf('-- ');
	const forwarded = lines.findIndex(line => line.startsWith('---------- Forwarded message'));
	const end = Math.min(...[signature, forwarded, lines.length].filter(at => at >= 0));
	return lines
		.slice(0, end)
		.filter(line => !line.startsWith('>'))
		.join('\n');
};

export function doubtsAbout(draft: Draft): readonly SafeText[] {
	if (draft.resends !== undefined) return [];
	const own = ownWords(draft.text);
	const found = draft.attachments.length === 0 ? speaksOfFile.exec(`${draft.subject}\n${own}`) : null;
	return [
		...(draft.subject.trim() === '' ? [ours('No subject')] : []),
		...(found === null ? [] : [safeLine(`You write “${found[0]}”, no file is attached`)]),
		...(own.trim() === '' && draft.attachments.length === 0 && draft.forwards === undefined
			? [ours('No text of your own')]
			: []),
	];
}
