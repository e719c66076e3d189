/** How an account sends: a submission server, or a command. Never holds a password (law 11). */
import type {AuthenticationMethod, Security} from './account.ts';

export type SmtpServer = {
	readonly host: string;
	readonly port: number;
	readonly security: Security;
	/** '' where it takes mail without a login. */
	readonly user: string;
	readonly authentication: AuthenticationMethod;
	/** As of an account: a PEM file to trust besides the usual ones, or ''. */
	readonly certificateFile: string;
};
