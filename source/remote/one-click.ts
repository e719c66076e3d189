/**
 * The one request Bonsai makes outside the mail line: a POST that leaves a mailing list (RFC 8058 §3.1), which the user has
 * said yes to.
 *
 * Laws: https with a certificate that holds; no cookie, no name of ours, nothing but the words of the RFC; no redirect is
 * followed, and of the answer nothing is read but its status. Never to an address that is not public, since who wrote the
 * message chose the host: what the name resolves to is what is looked at, and what is dialled.
 */
import dns from 'node:dns';
import https from 'node:https';
import net, {type LookupFunction} from 'node:net';

export type OneClickOptions = {
	/** For all of it, the look-up of the name and the handshake too. */
	readonly timeoutMs?: number;
	/** Tests have their server on loopback, with a certificate of their own. */
	readonly isLocalAllowed?: boolean;
	readonly ca?: string | Buffer;
};

const body = 'List-Unsubscribe=One-Click';

/** Resolves with the status (RFC 9110 §15), or with a sentence about why there is none. Never rejects. */
export function postOneClick(
	url: string,
	{timeoutMs = 20_000, isLocalAllowed = false, ca}: OneClickOptions = {},
): Promise<{readonly status: number} | {readonly problem: string}> {
	return new Promise(resolve => {
		let target: URL;
		try {
			target = new URL(url);
		} catch {
			return resolve({problem: 'its address cannot be read'});
		}
		const {protocol, host, hostname, username, password} = target;
		if (protocol !== 'https:' || username !== '' || password !== '')
			return resolve({problem: `a request goes by https only, without a password, and not to ${host}`});
		const literal = hostname.replace(/^\[(.*)\]$/, '$1');
		if (!isLocalAllowed && net.isIP(literal) !== 0 && !isPublic(literal)) return resolve({problem: notPublic(host)});
		const request = https.request(target, {
			method: 'POST',
			agent: false,
			rejectUnauthorized: true,
			maxHeaderSize: 16 * 1024,
			headers: {
				'content-type': 'application/x-www-form-urlencoded',
				'content-length': Buffer.byteLength(body),
				connection: 'close',
			},
			...(ca === undefined ? {} : {ca}),
			...(isLocalAllowed ? {} : {lookup: lookUpPublic}),
		});
		const patience = setTimeout(() => over({problem: `${host} did not answer in time`}), timeoutMs);
		// The first word counts: that what is thrown away then breaks is no news.
		function over(came: {readonly status: number} | {readonly problem: string}): void {
			clearTimeout(patience);
			resolve(came);
			request.destroy();
		}
		request.on('response', ({statusCode = 0}) => over({status: statusCode}));
		request.on('error', error => over({problem: error instanceof NotPublic ? notPublic(host) : whyNot(host, error)}));
		request.on('close', () => over({problem: `${host} hung up without an answer`}));
		request.end(body);
	});
}

function whyNot(host: string, {code, message}: NodeJS.ErrnoException): string {
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `${host} is not found, or there is no line to the internet`;
	return `${host} cannot be asked: ${message}`;
}

const notPublic = (host: string): string => `${host} has no public address, so it is not asked`;

class NotPublic extends Error {}

/** As `dns.lookup`, but fails where one of the addresses is not public. */
const lookUpPublic: LookupFunction = (hostname, options, callback) =>
	dns.lookup(hostname, {...options, all: true}, (error, addresses) => {
		if (error) return callback(error, '');
		const [first] = addresses;
		if (first === undefined || !addresses.every(({address}) => isPublic(address)))
			return callback(new NotPublic(hostname), '');
		if (options.all) callback(null, addresses);
		else callback(null, first.address, first.family);
	});

/** Of IPv4 all but these (RFC 6890); through NAT64 (RFC 6052) they are as far. */
const notPublicNets = [
	...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
	...['192.0.2.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
];
const refused = new net.BlockList();
for (const each of notPublicNets) {
	const [start = '', bits] = each.split('/');
	refused.addSubnet(start, Number(bits), 'ipv4');
	refused.addSubnet(`64:ff9b::${start}`, 96 + Number(bits), 'ipv6');
}
// Documentation, Teredo and 6to4, which carry an address of IPv4 in them.
for (const [start, bits] of [
	['2001:db8::', 32],
	['2001::', 32],
	['2002::', 16],
] as const)
	refused.addSubnet(start, bits, 'ipv6');
/** Of IPv6 only these: what is handed out to the world, and IPv4 through NAT64. */
const handedOut = new net.BlockList();
handedOut.addSubnet('2000::', 3, 'ipv6');
handedOut.addSubnet('64:ff9b::', 96, 'ipv6');

/** Whether an IP address is one of the public internet. */
export function isPublic(address: string): boolean {
	const family = net.isIP(address);
	if (family === 4) return !refused.check(address, 'ipv4');
	return family === 6 && handedOut.check(address, 'ipv6') && !refused.check(address, 'ipv6');
}
