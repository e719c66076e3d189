/**
 * The subject of an answer and of what is sent on. What mailers of other languages put in front is known, so that none of
 * it piles up; what stands in front of that (`[list]`) stays where it is.
 */

/** Of an answer, with `[2]`, `(2)` and `^2` behind some. By the languages that are known to write them. */
const answers =
	're|aw|antw|antwort|sv|vs|odp|ynt|cevap|res|resp|rif|r|ref|bls|atb|vá|ats|rép|réponse|отв|ответ|отн|σχετ|απ|回复|回覆|答复|答覆|返信|답장|回信|רד|תשובה|رد';
/** Of what is sent on. */
const forwards =
	'fwd|fw|wg|tr|enc|rv|vb|doorst|i|inoltro|pd|ilt|fs|vl|továbbítás|tá|перес|пересл|пд|πρθ|转发|轉寄|轉發|転送|전달|הועבר|إعادة توجيه';

const prefix = (words: string): RegExp =>
	new RegExp(`^\\s*(?:${words})\\s*(?:\\[\\d+\\]|\\(\\d+\\)|\\^\\d+|\\d{0,2})\\s*[:：]\\s*`, 'iu');
const answer = prefix(answers);
const forward = prefix(forwards);

function without(subject: string, wanted: RegExp): string {
	let rest = subject;
	while (wanted.test(rest)) rest = rest.replace(wanted, '');
	return rest.trim();
}

/** `Re: ` once, whatever was there. */
export const answerSubject = (subject: string): string => `Re: ${without(subject, answer)}`.trim();

/** `Fwd: ` once. That it was an answer is kept: it says what is sent on. */
export const forwardSubject = (subject: string): string => `Fwd: ${without(subject, forward)}`.trim();
