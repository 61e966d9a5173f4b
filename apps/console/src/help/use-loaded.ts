import { useEffect, useState } from 'react';

interface Loaded<T> {
  value: T | undefined;
  error: Error | undefined;
  again: () => void;
}

interface Held<T> {
  key: string;
  value?: T;
  error?: Error;
}

/** What a part of the console that is read when it is needed gives, by `key`; nothing of another key is shown meanwhile. */
export function useLoaded<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [held, setHeld] = useState<Held<T>>({ key });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let isWanted = true;
    const hold = (result: Omit<Held<T>, 'key'>): void => (isWanted ? setHeld({ key, ...result }) : undefined);
    load().then(
      (value) => hold({ value }),
      (error: unknown) => hold({ error: error instanceof Error ? error : new Error(String(error)) }),
    );
    return () => {
      isWanted = false;
    };
    // What is loaded follows from the key.
  }, [key, tries]);
  const isCurrent = held.key === key;
  return {
    value: isCurrent ? held.value : undefined,
    error: isCurrent ? held.error : undefined,
    again: () => setTries(tries + 1),
  };
}
