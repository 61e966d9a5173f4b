import { useState } from 'react';
import { draftKey } from '../connection/session.js';
import { useDraft, type Draft } from './draft.js';
import { useSession } from './session-context.js';

/** What is filled in of a form, kept as texts are: it outlives the end of a session. */
export interface KeptForm<T> {
  value: T;
  change: (part: Partial<T>) => void;
  draft: Draft;
}

/** Fields of a form of this name, as the person left them, or else as they are at first. Nothing secret may be among them. */
export function useKeptForm<T extends object>(name: string, first: T): KeptForm<T> {
  const draft = useDraft(JSON.stringify(first), name);
  const value = fieldsIn(draft.text, first);
  return { value, change: (part) => draft.write(JSON.stringify({ ...value, ...part })), draft };
}

function fieldsIn<T extends object>(text: string, first: T): T {
  try {
    return { ...first, ...(JSON.parse(text) as Partial<T>) };
  } catch {
    return first;
  }
}

/** True where the person was filling in the form of this name when the page was opened: it is shown again. */
export function useWasOpen(name: string): boolean {
  return useOpenBefore([name]) !== undefined;
}

/** The first of these forms that the person was filling in when they were first asked for. */
export function useOpenBefore(names: readonly string[]): string | undefined {
  const person = useSession().person();
  const [open] = useState(() => names.find((name) => sessionStorage.getItem(draftKey(person, name)) !== null));
  return open;
}
