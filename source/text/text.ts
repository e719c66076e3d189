/**
Bytes to readable text: the face of this folder, and the first file to read. The only folder that knows charsets, MIME's encodings, HTML and mailparser.

A byte enters as what a server sent and leaves as SafeText (DESIGN, law 9), or as a raw string that says so.

- A row: `summary.ts` (fields of a row) ← `header.ts` (fields, encoded words) · `addresses.ts` · `date.ts` · `encoded-words.ts` · `parameters.ts`
- A part: `decode.ts` ← `transfer-encoding.ts` (base64, quoted-printable, `uuencode.ts`; incremental, also for downloads) · `charset.ts` (`shifting-charsets.ts`, `code-pages.ts`)
- A text on a screen: `wrap.ts` ← `flowed.ts` (RFC 3676, quotes)
- HTML: `html.ts` ← `html-clean.ts` (what is left of it) · `html-visibility.ts` (what is hidden) · `html-links.ts` (where links lead)
- A message without a structure: `structure-fallback.ts`
- A file to save: `attachment-name.ts`

Laws: nothing remote is loaded and nothing is run (law 10); no input throws; cost is linear; a row loads no package.
It must not know servers, stores or screens.
*/
export {type Address, parseAddresses, senderName} from './addresses.ts';
export {safeFileName} from './attachment-name.ts';
export {type DecodedText, decodeCharset} from './charset.ts';
export {parseDate} from './date.ts';
export {decodePart, type PartEncoding, type PartText} from './decode.ts';
export {decodeWords} from './encoded-words.ts';
export {logicalLines} from './flowed.ts';
export {fieldText, findField, type HeaderField, parseHeader} from './header.ts';
export {type HtmlText, htmlToText} from './html.ts';
export {decodeParameter, type Parameters, parseParameters} from './parameters.ts';
export {parseWholeMessage, type WholeMessage} from './structure-fallback.ts';
export {readSummary, type Summary} from './summary.ts';
export {createTransferDecoder, type TransferDecoder} from './transfer-encoding.ts';
export {type WrapOptions, wrapText} from './wrap.ts';
