/**
 * What the user does in the outbox: keeps a decision back or lets it go again, and takes one back that waits.
 */
import {assertPromised} from './shown.ts';
import type {Step} from './steps.ts';

export const hold: Step = async ({chance, asked}, client) => {
	asked.learn(client);
	const waiting = client.session.operations.get().filter(({state}) => state === 'waiting');
	if (waiting.length === 0) return 'has nothing to keep back';
	const {id, isHeld, change} = chance.pick(waiting);
	client.session.hold(id, !isHeld);
	assertPromised(client);
	await client.calm();
	return `${isHeld ? 'lets go' : 'keeps back'} ${id}: ${JSON.stringify(change)}`;
};

export const strike: Step = async ({chance, asked}, client) => {
	asked.learn(client);
	const waiting = client.session.operations.get().filter(({state}) => state === 'waiting');
	if (waiting.length === 0) return 'has nothing to strike';
	const {id, change} = chance.pick(waiting);
	client.session.discard(id);
	asked.learn(client);
	assertPromised(client);
	await client.calm();
	return `strikes ${id}: ${JSON.stringify(change)}`;
};
