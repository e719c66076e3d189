/** The message that the whole program is about: a little text, and a very large file beside it. */
import {multipart, text} from './compose.ts';
import {letter, signature, wrap} from './letters.ts';
import {institute} from './people.ts';
import {file, headOf, type Writer} from './specimens.ts';

/** RFC 1733's own example: about 2,000 bytes of text beside a 40 MB video. */
export const lecture: Writer = time =>
	letter(
		headOf(institute.professor, 'Lecture recording: sound under sea ice', time),
		multipart('mixed', [
			text(
				`${[
					'Dear Robin,',
					wrap(
						'the recording of last Thursday is attached, as you asked. It is the whole lecture, fifty-two minutes, and I fear that it is rather large for your line. Please do not fetch it on the ship; it will wait for you here.',
					),
					wrap(
						'For the time being, here is what I said, in short. Under a closed ice cover the sea is quieter than under open water, but not because the ice is silent. It cracks when the temperature falls, mostly in the first hours of the night, and each crack can be heard for thirty kilometres. What is missing is the wind: without waves there are no bubbles, and without bubbles there is no hiss between 500 Hz and 20 kHz.',
					),
					wrap(
						'The hydrophone on your mooring was the first in this sector to record through a whole winter. Between May and August the level at 1 kHz was 22 dB below that of the summer. The seals know it: they call at exactly the frequencies that the wind leaves free, and they fall silent when a ship comes within forty kilometres. Yours did, twice, on the way out.',
					),
					wrap(
						'The questions at the end were good. Somebody asked whether the iceberg that grounded in July could be heard, and I had to say that I had taken it for a fault in the amplifier. I have since looked again. It was the iceberg.',
					),
					wrap(
						'For your own mooring this means two things. Put the next hydrophone deeper, below 400 metres, where the crack of the ice arrives only once and not again from the underside of the floes. And write down when the engine ran: I spent an afternoon on a line at 87.5 Hz before Marek told me what it was. The clock of the recorder was four seconds fast after eleven months, which is better than mine.',
					),
					wrap(
						'The slides are the same as in Bremen, with the new figure 9. If you want single minutes of the recording, tell me which ones, and I will cut them out and send them small.',
					),
					'With warm regards from a warm office,\nHaruka',
				].join('\n\n')}\n${signature(institute.professor)}`,
			),
			file('mp4', 'lecture-2026-11-12.mp4', 40_000_000),
		]),
	);
