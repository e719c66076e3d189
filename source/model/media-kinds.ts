/**
 * Short names of media types: what a person types and reads for them. Pure.
 */
import type {Part} from './part.ts';

type MediaKind = {
	/** What one types; the first is the usual one. */
	readonly names: readonly string[];
	/** In a sentence. */
	readonly words: string;
	readonly types: readonly string[];
	/** Of the names of files that come as application/octet-stream, as much does. */
	readonly endings: readonly string[];
};

const office = 'application/vnd.openxmlformats-officedocument';
const openDocument = 'application/vnd.oasis.opendocument';

export const mediaKinds: readonly MediaKind[] = [
	{names: ['pdf', 'pdfs'], words: 'PDF', types: ['application/pdf'], endings: ['pdf']},
	{
		names: ['images', 'image', 'pictures', 'photos'],
		words: 'images',
		types: ['image/*'],
		endings: ['jpg', 'jpeg', 'png', 'gif', 'webp', 'heic', 'tif', 'tiff', 'bmp', 'svg'],
	},
	{
		names: ['calendar', 'invitations', 'ics'],
		words: 'calendar',
		types: ['text/calendar', 'application/ics'],
		endings: ['ics'],
	},
	{
		names: ['contacts', 'vcard', 'vcf'],
		words: 'contacts',
		types: ['text/vcard', 'text/x-vcard', 'text/directory'],
		endings: ['vcf'],
	},
	{
		names: ['word', 'doc', 'docx'],
		words: 'Word',
		types: ['application/msword', `${office}.wordprocessingml.document`],
		endings: ['doc', 'docx'],
	},
	{
		names: ['excel', 'xls', 'xlsx'],
		words: 'Excel',
		types: ['application/vnd.ms-excel', `${office}.spreadsheetml.sheet`],
		endings: ['xls', 'xlsx'],
	},
	{
		names: ['powerpoint', 'ppt', 'pptx'],
		words: 'PowerPoint',
		types: ['application/vnd.ms-powerpoint', `${office}.presentationml.presentation`],
		endings: ['ppt', 'pptx'],
	},
	{
		names: ['opendocument', 'odf', 'odt', 'ods', 'odp'],
		words: 'OpenDocument',
		types: [`${openDocument}.text`, `${openDocument}.spreadsheet`, `${openDocument}.presentation`],
		endings: ['odt', 'ods', 'odp'],
	},
	{
		names: ['patches', 'patch', 'diff'],
		words: 'patches',
		types: ['text/x-patch', 'text/x-diff', 'text/patch'],
		endings: ['patch', 'diff'],
	},
	{names: ['zip'], words: 'ZIP', types: ['application/zip', 'application/x-zip-compressed'], endings: ['zip']},
	{names: ['messages', 'message', 'mail', 'eml'], words: 'messages', types: ['message/rfc822'], endings: ['eml']},
	{
		names: ['signatures', 'signature'],
		words: 'signatures',
		types: ['application/pgp-signature', 'application/pkcs7-signature', 'application/x-pkcs7-signature'],
		endings: ['asc', 'sig', 'p7s'],
	},
	{
		names: ['audio', 'sound', 'voice'],
		words: 'audio',
		types: ['audio/*'],
		endings: ['mp3', 'ogg', 'wav', 'm4a', 'amr'],
	},
	{names: ['video', 'videos'], words: 'video', types: ['video/*'], endings: ['mp4', 'mov', 'mkv', 'avi', 'webm']},
	{names: ['text', 'texts'], words: 'text files', types: ['text/*'], endings: ['txt', 'csv', 'md', 'log']},
	{names: ['any', 'all', 'everything', '*'], words: 'any part', types: ['*/*'], endings: []},
];

const mediaType = /^(\*\/\*|[\w.+-]+\/([\w.+-]+|\*))$/;

/** Whether it is spelled as a media type, or as one with all its subtypes, or as any. */
export const isMediaType = (text: string): boolean => mediaType.test(text);

/** `pdf` and `application/pdf` are media types; undefined is none anybody knows. */
export function mediaTypesNamed(name: string): readonly string[] | undefined {
	const wanted = name.trim().toLowerCase();
	if (isMediaType(wanted)) return [wanted];
	return mediaKinds.find(({names}) => names.includes(wanted))?.types;
}

/** Whether a part is of a media type. Files that come as no type in particular are what their names say. */
export function isOfType(part: Pick<Part, 'type' | 'subtype' | 'name'>, type: string): boolean {
	const [main, subtype] = type.split('/');
	if ((main === '*' || main === part.type) && (subtype === '*' || subtype === part.subtype)) return true;
	if (part.type !== 'application' || part.subtype !== 'octet-stream') return false;
	const ending = part.name.slice(part.name.lastIndexOf('.') + 1).toLowerCase();
	return mediaKinds.some(({types, endings}) => types.includes(type) && endings.includes(ending));
}
