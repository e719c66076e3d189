/** Signed and encrypted mail (RFC 3156). The armor is noise: right in form, and proof of nothing. */
import {noise} from './bytes.ts';
import {multipart, part, text} from './compose.ts';
import {letter, signature} from './letters.ts';
import type {Person} from './people.ts';
import {headOf, type Writer} from './specimens.ts';

const armor = (kind: string, lines: number, seed: number): string => {
	const inside = noise(lines * 48, seed).read(0, lines * 48);
	const rows = Array.from({length: lines}, (_, i) => inside.toString('base64', i * 48, (i + 1) * 48));
	return `-----BEGIN PGP ${kind}-----\n\n${rows.join('\n')}\n=${inside.toString('base64', 0, 3)}\n-----END PGP ${kind}-----\n`;
};

export const signed =
	(from: Person, subject: string, content: string): Writer =>
	time =>
		letter(
			headOf(from, subject, time),
			multipart(
				'signed',
				[
					text(`${content}\n\n${signature(from)}`, {encoding: 'quoted-printable'}),
					part(
						[
							'Content-Type: application/pgp-signature; name="signature.asc"',
							'Content-Description: OpenPGP digital signature',
						],
						armor('SIGNATURE', 4, time % 9973),
					),
				],
				'; micalg=pgp-sha512; protocol="application/pgp-signature"',
			),
		);

export const encrypted =
	(from: Person): Writer =>
	time =>
		letter(
			headOf(from, '...', time),
			multipart(
				'encrypted',
				[
					part(
						['Content-Type: application/pgp-encrypted', 'Content-Description: PGP/MIME version identification'],
						'Version: 1\n',
					),
					part(
						[
							'Content-Type: application/octet-stream; name="encrypted.asc"',
							'Content-Disposition: inline; filename="encrypted.asc"',
						],
						armor('MESSAGE', 31, time % 9973),
					),
				],
				'; protocol="application/pgp-encrypted"',
			),
		);
