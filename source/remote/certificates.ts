/** Which certificates of servers are trusted. */
import {readFileSync} from 'node:fs';
import tls from 'node:tls';
import {Failure} from '../model/failure.ts';
import {safeLine} from '../model/safe-text.ts';

/** Options of TLS: one of one's own besides the usual ones, or, of '', those alone. Throws a Failure. */
export const trusting = (certificateFile: string): {readonly ca?: (string | Buffer)[]} =>
	certificateFile === '' ? {} : {ca: [...usualCertificates(), readCertificate(certificateFile)]};

/** What Node would trust by itself (and NODE_EXTRA_CA_CERTS adds); naming one of one's own replaces them otherwise. */
const usualCertificates = (): readonly string[] => tls.getCACertificates?.('default') ?? tls.rootCertificates;

function readCertificate(file: string): Buffer {
	try {
		return readFileSync(file);
	} catch (error) {
		throw new Failure(
			'denied',
			safeLine(`The certificate file ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`),
			error,
		);
	}
}
