/**
Everything this folder does, to 524 real and hostile messages from the test suites of other mail programs.
The corpus is not part of the repository: it lies beside it, or the test is skipped.
*/
import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {safeLine, safeText} from '../../source/model/safe-text.ts';
import {widthOf} from '../../source/model/width.ts';
import {
	decodeParameter,
	decodePart,
	fieldText,
	findField,
	htmlToText,
	parseAddresses,
	parseDate,
	parseHeader,
	parseParameters,
	parseWholeMessage,
	readSummary,
	safeFileName,
	senderName,
	wrapText,
} from '../../source/text/text.ts';

const corpus = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
const skip = existsSync(corpus) ? false : 'no corpus at ../shared/corpus';
const files = skip ? [] : readdirSync(corpus).filter(file => file.endsWith('.eml'));

const harmful =
	/[\p{Cc}--\n]|[\p{Cf}--[\u200c\u200d]]|\p{Cs}|\p{Co}|\p{Zl}|\p{Zp}|\p{Noncharacter_Code_Point}|\p{M}\p{Mn}{5}/v;

function assertSafe(text: string, context: string): void {
	const found = harmful.exec(text);
	assert.equal(found, null, `${context}: ${JSON.stringify(found?.[0])}`);
	assert.equal(safeText(text), text, context);
}

type RawPart = {header: Buffer; body: Buffer};

/** As simple as can be: the boundaries of a message, one level after the other. */
function partsOf(raw: Buffer, depth = 0): RawPart[] {
	const end = /\r?\n\r?\n/.exec(raw.toString('latin1'));
	const header = end ? raw.subarray(0, end.index) : raw;
	const body = end ? raw.subarray(end.index + end[0].length) : Buffer.alloc(0);
	const {parameters} = parseParameters(findField(parseHeader(header), 'content-type') ?? '');
	const boundary = parameters.boundary;
	if (!boundary || depth > 10) return [{header, body}];
	const pieces = body.toString('latin1').split(`--${boundary}`).slice(1);
	return pieces.flatMap(piece => partsOf(Buffer.from(piece.replace(/^[^\n]*\n/, ''), 'latin1'), depth + 1));
}

async function assertReadable(file: string, {header, body}: RawPart): Promise<void> {
	const fields = parseHeader(header);
	const {value: type, parameters} = parseParameters(findField(fields, 'content-type') ?? 'text/plain');
	const disposition = parseParameters(findField(fields, 'content-disposition') ?? '').parameters;
	const name = decodeParameter(disposition, 'filename') ?? decodeParameter(parameters, 'name') ?? '';
	assertSafe(safeLine(name), file);
	assert.ok(!/[/\\\0]/.test(safeFileName(name, 'part')), file);
	if (!type.startsWith('text/') && type !== '') return;

	const encoding = findField(fields, 'content-transfer-encoding') ?? '';
	const charset = parameters.charset ?? '';
	const whole = decodePart(body, {encoding, charset, isWhole: true});
	const window = decodePart(body.subarray(0, Math.floor(body.length * 0.6)), {encoding, charset, isWhole: false});
	for (const part of [whole, window]) {
		const text = type === 'text/html' ? (await htmlToText(part.text)).text : safeText(part.text);
		assertSafe(text, file);
		assertSafe(safeLine(part.remark), file);
		for (const line of wrapText(text, {columns: 72, format: parameters.format ?? 'fixed'})) {
			assert.ok(widthOf(line.text) <= 72, `${file}: ${line.text}`);
			assert.ok(!harmful.test(line.text) && !line.text.includes('\n'), file);
		}
	}
}

describe('every message of the corpus', {skip}, () => {
	if (skip) console.log(`skipped: ${skip}`);

	it('has headers that can be read and shown', () => {
		let named = 0;
		let dates = 0;
		for (const file of files) {
			const raw = readFileSync(`${corpus}/${file}`);
			const fields = parseHeader(raw);
			for (const field of fields) {
				assertSafe(fieldText(field.rawValue), file);
				assert.ok(!fieldText(field.rawValue).includes('\n'), file);
			}
			for (const name of ['from', 'to', 'cc', 'reply-to']) {
				for (const address of parseAddresses(findField(fields, name) ?? '')) {
					assertSafe(address.name, file);
					assertSafe(address.address, file);
					assertSafe(senderName(address), file);
				}
			}
			const date = parseDate(findField(fields, 'date') ?? '');
			if (findField(fields, 'date')) named++;
			if (date !== undefined) dates++;
			const summary = readSummary(raw);
			assert.equal(summary.date, date, file);
		}
		assert.ok(dates > named * 0.98, `${dates} dates of ${named}`);
	});

	it('has parts that can be read, whole and in a window', async () => {
		for (const file of files) {
			for (const part of partsOf(readFileSync(`${corpus}/${file}`))) await assertReadable(file, part);
		}
	});

	it('can be read without a structure, whole and cut', async () => {
		for (const file of files) {
			const raw = readFileSync(`${corpus}/${file}`);
			for (const length of [raw.length, Math.floor(raw.length * 0.5)]) {
				const {text, attachments} = await parseWholeMessage(raw.subarray(0, length), length === raw.length);
				assertSafe(text, file);
				for (const {name, type} of attachments) assertSafe(name + type, file);
			}
		}
	});
});
