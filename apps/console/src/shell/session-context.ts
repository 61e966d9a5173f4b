import { createContext, use } from 'react';
import { createLinkState, type LinkState } from '../connection/link-state.js';
import { createSession, type Session } from '../connection/session.js';

const NOBODY: Session = createSession({ getItem: () => null, setItem: () => undefined, removeItem: () => undefined });

/** Who is signed in, for every part of the console. */
export const SessionContext = createContext<Session>(NOBODY);

/** Whether changes are heard. */
export const LinkContext = createContext<LinkState>(createLinkState());

/** The session of this tab. */
export const useSession = (): Session => use(SessionContext);
