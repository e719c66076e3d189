/**
 * Memory as a place for a part that is looked at or fed to a command.
 */
import {Failure} from '../model/failure.ts';
import type {MessageId} from '../model/ids.ts';
import type {Part} from '../model/part.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import type {ChunkForm} from '../remote/remote.ts';
import type {Destination} from './download.ts';
import type {HeldParts} from './held-parts.ts';
import type {Sink} from './section-reader.ts';
import type {Tell} from './session.ts';

type MemoryDestinationOptions = {
	readonly held: HeldParts;
	readonly id: MessageId;
	readonly part: Part;
	readonly tell: Tell;
	/** It is here. */
	readonly follow: () => Promise<void>;
};

export function memoryDestination({held, id, part, tell, follow}: MemoryDestinationOptions): Destination {
	const sinkIn = (form: ChunkForm): Sink => held.sink(id, {part: part.number, of: 'content'}, form);
	let form = held.cheaperForm(id, part);
	let sink = sinkIn(form);
	return {
		get form() {
			return form;
		},
		get isWhole() {
			return held.isWhole(id, part);
		},
		heldBytes: () => sink.heldBytes(),
		octets: () => sink.octets(),
		keep: (offset, octets) => sink.keep(offset, octets),
		async restart(next) {
			held.forget(id, part, form);
			form = next;
			sink = sinkIn(form);
		},
		async finish(bytes) {
			if (form === 'as-sent' && bytes < part.sizeBytes) {
				const sentence = `The server announced ${part.sizeBytes} octets and has only ${bytes}, so this may not be all`;
				tell('problem', safeLine(sentence));
			}
			if (!held.isWhole(id, part)) held.learnEnd(id, part, form);
			await follow();
		},
		close: async () => {},
		abandon: async () => {},
		words: (error): SafeText => (error instanceof Failure ? error.sentence : safeLine((error as Error).message)),
	};
}
