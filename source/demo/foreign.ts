/** Mail in other scripts and in the charsets of old: subject, sender and body each as their writers' programs make them. */
import {compose, encodeWords, type Fields, mailboxOf, type TextOptions, text} from './compose.ts';
import {writeMessageDate} from './dates.ts';
import type {Planned} from './letters.ts';
import {me} from './people.ts';

type Foreign = {
	readonly name: string;
	readonly address: string;
	readonly subject: string;
	readonly body: string;
	readonly options: TextOptions;
};

const japanese = (subject: string, body: string, charset = 'iso-2022-jp'): Foreign => ({
	name: '田中 春香',
	address: 'h.tanaka@polar.example',
	subject,
	body,
	options: charset === 'iso-2022-jp' ? {charset, encoding: '7bit', language: 'ja'} : {charset, language: 'ja'},
});

export const japaneseLetters: readonly Foreign[] = [
	japanese(
		'観測データの件',
		'アスケさん\n\n田中です。お疲れ様です。\n\n第十四測点の観測データを受け取りました。塩分の値がとても興味深いです。\n来週の水曜日に短い会議を開きたいと思いますが、船の時間で何時がよろしいでしょうか。\n\n寒さに気をつけてください。\n\n田中 春香\n極地研究所\n',
	),
	japanese(
		'氷床コアの写真',
		'アスケさん\n\n写真をありがとうございました。火山灰の層がはっきり見えますね。\n試料は両側を五センチ残しておいてください。\n\n田中\n',
		'utf-8',
	),
	japanese(
		'Re: 論文の図について',
		'図三の色を変えました。\n> 灰色では区別できません\nこれで大丈夫だと思います。確認をお願いします。\n\n田中 春香\n',
	),
	japanese(
		'新年のご挨拶',
		'明けましておめでとうございます。\n\n船上でのお正月はいかがですか。こちらは雪が降っています。\n本年もどうぞよろしくお願いいたします。\n\n田中 春香\n',
	),
	japanese(
		'🌊 波の記録 🐧',
		'波高計の記録を見ました。十一月十九日の夜は大変でしたね。🐧\n\nペンギンの写真も楽しみにしています。\n\n田中\n',
		'utf-8',
	),
	japanese(
		'図書の返却期限',
		'図書室からのお知らせです。\n\n「氷の海の航海」の返却期限が過ぎています。\n船上にあることは承知しておりますので、急ぎません。\n',
	),
	japanese(
		'セミナーのお知らせ',
		'次回のセミナーは十二月三日十六時からです。\n題目:海氷の下の音\n\n遠隔での参加も歓迎いたします。\n',
		'utf-8',
	),
];

export const foreignLetters: readonly Foreign[] = [
	{
		name: 'ليلى منصور',
		address: 'layla@mansour.example',
		subject: 'صور من القاهرة',
		body: 'عزيزي روبن،\n\nوصلت رسالتك بعد ثلاثة أيام. الطقس هنا حار جدا، ٣٨ درجة، وأنت بين الجليد!\nأرسلت لك بعض الصور من السوق القديم.\n\nمع أطيب التحيات،\nليلى\n',
		options: {language: 'ar'},
	},
	{
		name: 'נועה ברק',
		address: 'noa@barak.example',
		subject: 'שאלה על המאמר (טיוטה 2)',
		body: 'שלום רובין,\n\nקראתי את הטיוטה השנייה. הסעיף על שיטות המדידה ברור יותר עכשיו.\nיש לי שאלה אחת לגבי טבלה S2: האם היחידות הן mg/l?\n\nתודה,\nנועה\n',
		options: {language: 'he'},
	},
	{
		name: 'Алексей Громов',
		address: 'gromov@sever.example',
		subject: 'Ледовая обстановка на ноябрь',
		body: 'Добрый день, Робин!\n\nНаправляю сводку по ледовой обстановке. Сплочённость восемь баллов, местами разводья.\nКарта будет завтра утром.\n\nС уважением,\nАлексей Громов\n',
		options: {charset: 'windows-1251', encoding: '8bit'},
	},
	{
		name: 'Ольга Седова',
		address: 'sedova@sever.example',
		subject: 'Архив метеостанции',
		body: 'Здравствуйте!\n\nНашла журналы за 1957 год, состояние хорошее.\nОтсканирую до конца месяца.\n\nОльга\n',
		options: {charset: 'koi8-r', encoding: 'quoted-printable'},
	},
	{
		name: 'Élodie Lefèvre',
		address: 'elodie@lefevre.example',
		subject: 'Déjeuner à l’institut ?',
		body: "Bonjour Robin,\n\nQuand tu seras rentré, on ira déjeuner à côté de l'école, là où les crêpes sont à volonté.\nL'été est passé très vite ici.\n\nÀ bientôt,\nÉlodie\n",
		options: {charset: 'iso-8859-1', encoding: 'quoted-printable', language: 'fr'},
	},
	{
		name: 'Jürgen Weiß',
		address: 'weiss@nordsee.example',
		subject: 'Größe der Öffnung, Maße für die Tür',
		body: 'Moin Robin,\n\ndie Öffnung mißt 82 × 197 cm, die Tür ist also 3 mm zu groß. Ich hoble sie ab.\n\nGrüße aus Büsum\nJürgen\n',
		options: {charset: 'iso-8859-1', encoding: '8bit', language: 'de'},
	},
	{
		name: 'Ελένη Παππά',
		address: 'eleni@pappa.example',
		subject: 'Καλό ταξίδι',
		body: 'Γεια σου Robin,\n\nκαλό ταξίδι και καλή επιστροφή. Η θάλασσα εδώ είναι ήρεμη.\n\nΕλένη\n',
		options: {charset: 'iso-8859-7', encoding: 'quoted-printable', language: 'el'},
	},
	{
		name: 'สมชาย ใจดี',
		address: 'somchai@jaidee.example',
		subject: 'รูปถ่ายจากเชียงใหม่',
		body: 'สวัสดีครับ Robin\n\nผมส่งรูปถ่ายจากเชียงใหม่มาให้ อากาศที่นี่กำลังเย็นสบาย\n\nสมชาย\n',
		options: {language: 'th'},
	},
	{
		name: '박지훈',
		address: 'jihoon@park.example',
		subject: '터미널에서 한글 폭 문제',
		body: '안녕하세요,\n\n터미널에서 한글이 두 칸을 차지하는지 확인해 주세요.\n가나다라마바사 | 1234567\n\n박지훈 드림\n',
		options: {language: 'ko'},
	},
	{
		name: 'Priya Raman 🌱',
		address: 'priya@raman.example',
		subject: '🎉 We moved! 🏡 New address inside 👩‍👩‍👧‍👦',
		body: 'Dear Robin,\n\nwe have moved 📦📦📦 — all of us, and the piano 🎹.\n\nNew address: 7 Hillside, Leeds 🇬🇧\n\nCome and see us when the ice lets you 🧊🚢\n\nPriya ✨\n',
		options: {},
	},
];

/** The charset's own encoded words in the header, as mail programs of that charset do. */
export const planForeign = (letter: Foreign, time: number, flags: readonly string[]): Planned => {
	const charset = letter.options.charset ?? 'utf-8';
	const headerCharset = charset === 'iso-8859-1' ? 'utf-8' : charset;
	const fields: Fields = [
		['Date', writeMessageDate(time)],
		['From', mailboxOf(letter.name, letter.address, headerCharset)],
		['To', mailboxOf(me.name, me.address)],
		['Subject', encodeWords(letter.subject, headerCharset)],
		['Message-ID', `<${time.toString(36)}.${letter.subject.length}@${letter.address.split('@')[1]}>`],
	];
	return {time, flags, write: () => compose(fields, text(letter.body, letter.options))};
};
