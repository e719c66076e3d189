/**
 * A bug in a component: the screen goes, the error is handed out, so that whoever owns the terminal can restore it
 * and print what happened. (React knows error boundaries only as classes.)
 */
import {Component, type ReactNode} from 'react';

type Props = {readonly children: ReactNode; onCrash(error: unknown): void};

export class CrashBoundary extends Component<Props, {readonly hasCrashed: boolean}> {
	override state = {hasCrashed: false};

	static getDerivedStateFromError(): {hasCrashed: boolean} {
		return {hasCrashed: true};
	}

	override componentDidCatch(error: unknown): void {
		this.props.onCrash(error);
	}

	override render(): ReactNode {
		return this.state.hasCrashed ? null : this.props.children;
	}
}
