import { useMutation } from '@apollo/client/react';
import { useCallback, useRef, useState } from 'react';
import { ApplyDocument, type Answer } from './apply-document.js';

/** What the server said of documents. */
export interface Seen {
  documents: string;
  answer: Answer;
}

export interface Applying {
  /** What it said last, perhaps of documents that were changed since. */
  seen: Seen | undefined;
  /** Why nothing was said. */
  error: Error | undefined;
  isBusy: boolean;
  /** True once it has said of the documents as they are now that they can be applied. */
  mayApply: boolean;
  /** Asks what the documents would change, or applies them; undefined if no answer came. */
  ask: (dryRun: boolean) => Promise<Answer | undefined>;
  /** As if nothing had been asked. */
  forget: () => void;
}

/** Documents that are looked at before they are applied; with `mustNotExist` they replace nothing that is there. */
export function useApply(documents: string, mustNotExist: boolean): Applying {
  const [send, { error, loading }] = useMutation(ApplyDocument);
  const [seen, setSeen] = useState<Seen | undefined>(undefined);
  const attempt = useRef<Attempt | undefined>(undefined);
  const ask = useCallback(
    async (dryRun: boolean): Promise<Answer | undefined> => {
      const key = dryRun ? {} : { idempotencyKey: keyOf(attempt, documents) };
      const { data } = await send({ variables: { input: { documents, dryRun, mustNotExist, ...key } } });
      if (data) setSeen({ documents, answer: data.applyResources });
      return data?.applyResources;
    },
    [documents, mustNotExist, send],
  );
  const mayApply = !loading && seen?.documents === documents && Boolean(seen.answer.ok);
  return { seen, error, isBusy: loading, mayApply, ask, forget: () => setSeen(undefined) };
}

/** Documents that are being applied. Where the answer is lost they are sent again under the same key, and the server does once what it is asked twice. */
interface Attempt {
  documents: string;
  key: string;
}

function keyOf(attempt: { current: Attempt | undefined }, documents: string): string {
  if (attempt.current?.documents !== documents) attempt.current = { documents, key: newKey() };
  return attempt.current.key;
}

/** Browsers make UUIDs over HTTPS alone. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
