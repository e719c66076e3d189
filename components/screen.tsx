/**
 * Which component shows which place. Each place is mounted afresh: what it has to remember is in its memory.
 */
import type {ReactElement} from 'react';
import type {MailboxPath} from '../source/model/ids.ts';
import {type AccountsActions, AccountsScreen} from './accounts-screen.tsx';
import {CallScreen} from './call-screen.tsx';
import {ComposeScreen} from './compose-screen.tsx';
import {DownloadsScreen} from './downloads-screen.tsx';
import {DraftsScreen} from './drafts-screen.tsx';
import {HelpScreen} from './help-screen.tsx';
import {InboxesScreen} from './inboxes-screen.tsx';
import {MailboxesScreen} from './mailboxes-screen.tsx';
import {MessageScreen} from './message-screen.tsx';
import {MessagesScreen} from './messages-screen.tsx';
import {OutboxScreen} from './outbox-screen.tsx';
import {PartsScreen} from './parts-screen.tsx';
import type {Place, ScreenProps} from './places.ts';
import {TextViewer} from './text-viewer.tsx';
import {UsageScreen} from './usage-screen.tsx';
import {WishesScreen} from './wishes-screen.tsx';

type Props = Omit<ScreenProps<'messages'>, 'place'> & {
	readonly place: Place;
	readonly depth: number;
	openMailbox(path: MailboxPath): void;
} & AccountsActions;

export function Screen({place, depth, openMailbox, ...more}: Props): ReactElement {
	const {showAccount, addAccount, openDemo, ...rest} = more;
	const {account} = rest.session;
	switch (place.screen) {
		case 'accounts':
			return <AccountsScreen key={depth} place={place} {...more} />;
		case 'inboxes':
			return <InboxesScreen key={depth} place={place} {...rest} />;
		case 'mailboxes':
			return <MailboxesScreen key={`${account} ${depth}`} place={place} openMailbox={openMailbox} {...rest} />;
		case 'messages':
			return <MessagesScreen key={`${account} ${place.mailbox}`} place={place} {...rest} />;
		case 'message':
			return <MessageScreen key={`${account} ${depth} ${place.id} ${place.part}`} place={place} {...rest} />;
		case 'parts':
			return <PartsScreen key={`${account} ${depth} ${place.id} ${place.part}`} place={place} {...rest} />;
		case 'viewer':
			return <TextViewer key={`${account} ${depth} ${place.of}`} place={place} {...rest} />;
		case 'outbox':
			return <OutboxScreen key={`${account} ${depth}`} place={place} {...rest} />;
		case 'usage':
			return <UsageScreen key={`${account} ${depth}`} place={place} {...rest} />;
		case 'downloads':
			return <DownloadsScreen key={`${account} ${depth}`} place={place} {...rest} />;
		case 'wishes':
			return <WishesScreen key={`${account} ${depth}`} place={place} {...rest} />;
		case 'call':
			return <CallScreen key={`${account} ${depth}`} place={place} {...rest} />;
		case 'drafts':
			return <DraftsScreen key={`${account} ${depth}`} place={place} {...rest} />;
		case 'compose':
			return <ComposeScreen key={`${account} ${depth} ${writtenOf(place)}`} place={place} {...rest} />;
		case 'help':
			return <HelpScreen key={depth} place={place} {...rest} />;
	}
}

const writtenOf = ({what}: Extract<Place, {screen: 'compose'}>): string =>
	what.kind === 'draft' ? what.id : `${what.kind} ${what.id}`;
