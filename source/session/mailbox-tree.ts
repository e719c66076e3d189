/**
 * The list of mailboxes as it is shown: special uses first, then by name, each below the one it is in.
 */
import {type MailboxPath, mailboxPath} from '../model/ids.ts';
import {type Mailbox, specialUses} from '../model/mailbox.ts';
import {safeLine} from '../model/safe-text.ts';
import type {MailboxFact} from '../remote/remote.ts';

type Listed = Pick<MailboxFact, 'path' | 'delimiter' | 'specialUse' | 'isSelectable' | 'messages' | 'unseen'>;

export function mailboxTree(facts: readonly Listed[]): Mailbox[] {
	const paths = new Set(facts.map(fact => fact.path));
	const parentOf = ({path, delimiter}: Listed): MailboxPath | undefined => {
		const cut = delimiter === '' ? -1 : path.lastIndexOf(delimiter);
		const parent = cut > 0 ? mailboxPath(path.slice(0, cut)) : undefined;
		return parent !== undefined && paths.has(parent) ? parent : undefined;
	};
	const children = new Map<MailboxPath | undefined, Listed[]>();
	for (const fact of facts) {
		const parent = parentOf(fact);
		children.set(parent, [...(children.get(parent) ?? []), fact]);
	}
	const rank = ({specialUse}: Listed): number =>
		specialUse === undefined ? specialUses.length : specialUses.indexOf(specialUse);
	const inOrder = (a: Listed, b: Listed): number => rank(a) - rank(b) || (a.path < b.path ? -1 : 1);
	const tree: Mailbox[] = [];
	const add = (parent: MailboxPath | undefined, depth: number): void => {
		for (const fact of (children.get(parent) ?? []).sort(inOrder)) {
			tree.push({
				path: fact.path,
				name: safeLine(fact.path),
				leaf: safeLine(parent === undefined ? fact.path : fact.path.slice(parent.length + fact.delimiter.length)),
				depth,
				parent,
				specialUse: fact.specialUse,
				isSelectable: fact.isSelectable,
				hasChildren: children.has(fact.path),
				messages: fact.messages,
				unseen: fact.unseen,
			});
			add(fact.path, depth + 1);
		}
	};
	add(undefined, 0);
	return tree;
}
