/**
 * The three models of RFC 1733: a row of numbers and a place for the facts, never a second way through the code. Chosen
 * per account, and per mailbox where the user says so; the budget is a second knob, in budget.ts.
 */
export const modelNames = ['online', 'disconnected', 'offline'] as const;
export type ModelName = (typeof modelNames)[number];

export type Model = {
	readonly name: ModelName;
	/** Whether what the server told us is kept on the disk (as a cache), or in memory only (law 14). */
	readonly isOnDisk: boolean;
	/** Whether the line is dialled as soon as something is wanted; else only by a call (`$`) or `:dial`. */
	readonly dialsByItself: boolean;
};

export const models: Readonly<Record<ModelName, Model>> = {
	online: {name: 'online', isOnDisk: false, dialsByItself: true},
	disconnected: {name: 'disconnected', isOnDisk: true, dialsByItself: false},
	// Of what stays on the server as in the disconnected model; what is taken from it is local mail.
	offline: {name: 'offline', isOnDisk: true, dialsByItself: false},
};

export const isModelName = (name: unknown): name is ModelName => modelNames.some(each => each === name);

/** The models of an account: its own, and those of mailboxes, by path, that have another. */
export type Models = {
	readonly account: ModelName;
	readonly mailboxes: Readonly<Record<string, ModelName>>;
};

export const modelOf = ({account, mailboxes}: Models, path: string): ModelName =>
	(Object.hasOwn(mailboxes, path) ? mailboxes[path] : undefined) ?? account;

/** With another model of the account, or of one mailbox; that of a mailbox is kept only where it is another. */
export function withModel(models: Models, model: ModelName, path?: string): Models {
	if (path === undefined) return {...models, account: model};
	const {[path]: _before, ...others} = models.mailboxes;
	return {...models, mailboxes: model === models.account ? others : {...others, [path]: model}};
}
