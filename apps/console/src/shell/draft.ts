import { useMatches } from '@tanstack/react-router';
import { useState } from 'react';
import { draftKey } from '../connection/session.js';
import { useSession } from './session-context.js';

/** What is after the name of a text in that of the one from which it began. */
const BASE = ' base';

/** A text that is being written: it outlives the end of a session, and going to a provider and back, in this tab. */
export interface Draft {
  text: string;
  /** The text from which the one that is shown began, which may be older than the first one of this page. */
  base: string;
  write: (text: string) => void;
  /** Goes on with a text that began from another one. */
  goOn: (text: string, base: string) => void;
  /** True while what is shown was written before this page was opened. */
  isKept: boolean;
  /** Shows the first text again. */
  startAnew: () => void;
  /** It was applied or given up: nothing is kept of it. */
  forget: () => void;
}

interface Shown {
  pathname: string;
  search: object;
}

/** The page that is shown, without its sides: they are sides of one text. Not the address, which is that of the next page while that is loaded. */
const whatIsWritten = (shown: Shown | undefined): string =>
  shown === undefined ? '' : `${shown.pathname}${JSON.stringify({ ...shown.search, view: undefined })}`;

/** The text that the person was writing at this address, or under another name for it, or else `first`. */
export function useDraft(first: string, name?: string): Draft {
  const address = useMatches({ select: (matches) => whatIsWritten(matches.at(-1)) });
  const person = useSession().person();
  const key = draftKey(person, name ?? address);
  const [kept] = useState(() => sessionStorage.getItem(key));
  const [text, setText] = useState(kept ?? first);
  const [base, setBase] = useState(() => (kept === null ? null : sessionStorage.getItem(`${key}${BASE}`)) ?? first);
  const [isKept, setKept] = useState(kept !== null && kept !== first);
  const forget = (): void => {
    sessionStorage.removeItem(key);
    sessionStorage.removeItem(`${key}${BASE}`);
  };
  const goOn = (next: string, from: string): void => {
    setText(next);
    setBase(from);
    if (next === first) return forget();
    sessionStorage.setItem(key, next);
    sessionStorage.setItem(`${key}${BASE}`, from);
  };
  const startAnew = (): void => {
    goOn(first, first);
    setKept(false);
  };
  return { text, base, write: (next) => goOn(next, base), goOn, isKept, startAnew, forget };
}
