/** How an account hands its mail over. nodemailer is loaded when there is something to send. */
import type {Account} from './model/account.ts';
import {passwordOf} from './password.ts';
import type {Submit} from './remote/submission.ts';
import type {Carrier} from './session/hand-over.ts';

/** The password for sending: of its own where there is one, else the account's. Rejects with a Failure. */
export const sendingSecret = (account: Account): Promise<string> =>
	passwordOf({...account, password: account.sending.password ?? account.password}, process.env);

/** Undefined when the account does not send. */
export function submitOf({sending}: Account): Submit | undefined {
	const {smtp: server, command} = sending;
	if (server !== undefined) return async (...words) => (await import('./remote/smtp.ts')).smtp(server)(...words);
	if (command !== '') return async (...words) => (await import('./remote/sendmail.ts')).sendmail(command)(...words);
	return undefined;
}

/** Undefined when the account does not send. */
export function carrierOf(account: Account): Carrier | undefined {
	const submit = submitOf(account);
	return submit && {submit, secret: () => sendingSecret(account)};
}
