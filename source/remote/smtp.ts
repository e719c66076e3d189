/**
 * Hands one message to a submission server (RFC 6409, RFC 5321) over nodemailer's SMTP connection: our own dialling,
 * TLS and metering underneath, our own mechanisms for the login.
 *
 * Laws: STARTTLS that is refused is an error, never cleartext (law 11); where we are is never said (EHLO [127.0.0.1]);
 * handing over is tried once. From the moment the last octet of the message goes into the line until the server has
 * answered, a cut leaves it unknown; before that it is certain that nobody has it.
 */
import {createReadStream} from 'node:fs';
import {Failure} from '../model/failure.ts';
import type {Letter, Outcome} from '../model/outgoing.ts';
import {partsOf} from '../model/piece.ts';
import {ours, safeLine} from '../model/safe-text.ts';
import type {SmtpServer} from '../model/sending.ts';
import type {SmtpError, StrictConnection} from './smtp-connection.ts';
import {fetchThem, outcomeOf, refusalsOf, smtpFailure, smtpLoginFailure} from './smtp-failures.ts';
import {asked, dial, type Line, leave} from './smtp-line.ts';
import {chooseMechanism} from './smtp-login.ts';
import {handOverPieces, type LetterInPieces, takesPieces} from './smtp-pieces.ts';
import type {Submit, Submitting} from './submission.ts';

/** How long a server may think about a message it has all of (RFC 5321 §4.5.3.2.6). */
const longestSilenceMs = 600_000;

export const smtp =
	(server: SmtpServer, longestSilence = longestSilenceMs): Submit =>
	async (letter, submitting) => {
		let line: Line | undefined;
		let isAllHandedOver = false;
		try {
			line = await dial(server, submitting, longestSilence);
			await logIn(line, server, submitting);
			await learnOffers(line, server, letter, submitting);
			const refusal = unfit(line.connection, letter, server);
			if (refusal !== undefined) {
				leave(line);
				return refusal;
			}
			if (isInPieces(letter)) return await handOverInPieces(line, letter, server, submitting);
			return await handOver(line, letter, server, () => {
				submitting.beforeTheEnd();
				isAllHandedOver = true;
			});
		} catch (error) {
			line?.cut();
			return outcomeOf(error as SmtpError, server, isAllHandedOver);
		}
	};

/** Logs in and leaves: what the server offers then. Rejects with a Failure. */
export async function tryOut(
	server: SmtpServer,
	submitting: Submitting,
): Promise<ReadonlyMap<string, readonly string[]>> {
	const line = await dial(server, submitting, longestSilenceMs).catch(error => {
		throw smtpFailure(error, server);
	});
	try {
		await logIn(line, server, submitting);
		await Promise.race([line.lost, line.connection.helloAgain()]).catch(error => {
			throw smtpFailure(error, server);
		});
		return line.connection.offers;
	} finally {
		leave(line);
	}
}

async function logIn(line: Line, server: SmtpServer, {secret}: Submitting): Promise<void> {
	if (server.user === '') return;
	const mechanism = chooseMechanism(line.connection, server, await secret());
	try {
		await asked(line, done => line.connection.login({method: 'BONSAI', user: server.user, mechanism}, done));
	} catch (error) {
		throw smtpLoginFailure(error as SmtpError, server);
	}
}

/** Some offer more to who has logged in (RFC 4468 §3.3). A message that does not need to know is spared the turn. */
async function learnOffers(line: Line, {user}: SmtpServer, letter: Letter, {onTakesPieces}: Submitting): Promise<void> {
	const {connection} = line;
	if (isInPieces(letter) && user !== '') await Promise.race([line.lost, connection.helloAgain()]);
	const isTaken = takesPieces(connection.offers);
	if (isTaken || user === '' || isInPieces(letter)) onTakesPieces?.(isTaken);
}

const no = (sentence: string): Outcome => ({
	state: 'refused',
	because: safeLine(sentence),
	isForNow: false,
	refusals: [],
});

/** What this server cannot take is not even begun. */
function unfit({offers}: StrictConnection, {needsUtf8, isEightBit, sizeBytes, pieces}: Letter, {user}: SmtpServer) {
	const most = Number(offers.get('SIZE')?.[0] ?? 0);
	if (most > 0 && sizeBytes > most)
		return no(`The server takes messages of ${most} bytes at most, and this one has ${sizeBytes}. Send less of it`);
	if (needsUtf8 && !offers.has('SMTPUTF8'))
		return no(
			'The server takes no addresses in other scripts than ASCII (SMTPUTF8). Write to another address of theirs',
		);
	if (pieces === undefined) return undefined;
	// A URL says which user of the submission server may fetch by it.
	if (user === '' || !takesPieces(offers))
		return no(`The server does not fetch what lies in the mailboxes (BURL). ${fetchThem}`);
	if (isEightBit && !offers.has('8BITMIME')) return no(`The server takes no 8-bit parts as they are. ${fetchThem}`);
	return undefined;
}

const isInPieces = (letter: Letter): letter is LetterInPieces => letter.pieces !== undefined;

async function handOverInPieces(
	line: Line,
	letter: LetterInPieces,
	server: SmtpServer,
	{urlsOf, beforeTheEnd, onTakesPieces}: Submitting,
): Promise<Outcome> {
	if (urlsOf === undefined)
		throw new Failure('offline', ours('It waits for a line to the mailboxes, where parts of it lie'));
	const reader = {user: server.user, hosts: line.connection.hostsOfBurl};
	const urls = await Promise.race([line.lost, urlsOf(partsOf(letter.pieces), reader)]).catch(error => error as Error);
	if (urls instanceof Failure && (urls.kind === 'gone' || urls.kind === 'refused')) {
		leave(line);
		return no(`${urls.sentence.replace(/\.$/, '')}. ${fetchThem}`);
	}
	if (urls instanceof Error) throw urls;
	const onDistrust = () => onTakesPieces?.(false);
	const outcome = await handOverPieces(line, letter, urls, {server, beforeTheEnd, onDistrust});
	if (outcome.state === 'sent' || outcome.state === 'refused') leave(line);
	else line.cut();
	return outcome;
}

async function handOver(line: Line, letter: Letter, server: SmtpServer, beforeTheEnd: () => void): Promise<Outcome> {
	const octets = createReadStream(letter.file);
	const {promise: noted, reject: refuse} = Promise.withResolvers<never>();
	let isEnded = false;
	// Behind the last octet nodemailer writes the dot that ends it.
	octets.once('end', () => {
		try {
			beforeTheEnd();
			isEnded = true;
		} catch (error) {
			line.cut();
			refuse(Object.assign(new Error((error as Error).message), {code: 'ESTREAM'}));
		}
	});
	const envelope = {
		from: letter.envelope.from,
		to: [...letter.envelope.to],
		size: letter.sizeBytes,
		use8BitMime: letter.isEightBit,
	};
	try {
		const answer = asked<{rejectedErrors?: SmtpError[]}>(line, done =>
			line.connection.send(envelope, octets, done as never),
		);
		const {rejectedErrors} = await Promise.race([answer, noted]);
		if (!isEnded) throw Object.assign(new Error('an answer before the end'), {code: 'EPROTOCOL'});
		leave(line);
		return {state: 'sent', refusals: refusalsOf(rejectedErrors)};
	} catch (error) {
		const isCut = (error as SmtpError).responseCode === undefined && !isEnded;
		const refusal = isCut ? line.connection.senderRefusal : undefined;
		const outcome = outcomeOf(refusal ?? (error as SmtpError), server, isEnded);
		// Within a message QUIT would be a part of it.
		const isWithin = octets.bytesRead > 0 && !isEnded;
		if (outcome.state === 'refused' && !isWithin) leave(line);
		else line.cut();
		return outcome;
	} finally {
		octets.destroy();
	}
}
