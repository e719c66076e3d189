/** How an account hands its mail over. nodemailer is loaded when there is something to send. */
import type {Config} from './config.ts';
import type {Account} from './model/account.ts';
import type {SmtpServer} from './model/sending.ts';
import {passwordOf} from './password.ts';
import type {Submit, Submitting} from './remote/submission.ts';
import type {Carrier} from './session/hand-over.ts';

/** The password for sending: of its own where there is one, else the account's. Rejects with a Failure. */
export const sendingSecret = (account: Account): Promise<string> =>
	passwordOf({...account, password: account.sending.password ?? account.password}, process.env);

/** Undefined when the account does not send. */
function submitOf({sending}: Account): Submit | undefined {
	const {smtp: server, command} = sending;
	if (server !== undefined) return async (...words) => (await import('./remote/smtp.ts')).smtp(server)(...words);
	if (command !== '') return async (...words) => (await import('./remote/sendmail.ts')).sendmail(command)(...words);
	return undefined;
}

/** Undefined when the account does not send. */
export function carrierOf(account: Account, config: Pick<Config, 'rememberedSubmission'>): Carrier | undefined {
	const submit = submitOf(account);
	const {smtp} = account.sending;
	const secret = () => sendingSecret(account);
	if (submit === undefined) return undefined;
	return {
		submit,
		secret,
		...(smtp === undefined ? {} : {pieces: piecesOf(smtp, secret, config.rememberedSubmission(smtp))}),
	};
}

/** Whether a submission server fetches parts by itself: as it has said last. */
function piecesOf(server: SmtpServer, secret: () => Promise<string>, kept: ReturnType<Config['rememberedSubmission']>) {
	const learn = (isTaken: boolean): void => kept.set({capabilities: isTaken ? ['BURL', 'CHUNKING'] : []});
	return {
		isTaken: () => kept.get()?.capabilities.includes('BURL'),
		learn,
		async ask({onSpent, signal, patienceMs}: Pick<Submitting, 'onSpent' | 'signal' | 'patienceMs'>) {
			const [{tryOut}, {takesPieces}] = await Promise.all([
				import('./remote/smtp.ts'),
				import('./remote/smtp-pieces.ts'),
			]);
			const offers = await tryOut(server, {secret, onSpent, signal, patienceMs, beforeTheEnd: () => {}});
			learn(takesPieces(offers));
			return takesPieces(offers);
		},
	};
}
