import { AsyncLocalStorage } from 'node:async_hooks';

/** How long a provider is waited for, in milliseconds; always in all, never since the last byte. */
export interface Patience {
  /** One request, to the last byte of its answer. */
  requestMs: number;
  /** Everything that one sign-in, check or logout token asks of it. */
  totalMs: number;
  /** What signing out here asks of it, since that is done already. */
  signOutMs: number;
  /** After metadata or keys could not be fetched they are not asked for: anybody can have them asked for. */
  pauseMs: number;
  /** So long metadata counts, which changes rarely, and with it the keys whose address it tells. */
  metadataMs: number;
}

/** A browser is waited for no longer than people wait, and a thousand people are asked about within five minutes all the same. */
export const PATIENCE: Patience = {
  requestMs: 10_000,
  totalMs: 15_000,
  signOutMs: 3_000,
  pauseMs: 5_000,
  metadataMs: 60 * 60_000,
};

/** A provider did not answer, or not in time; nothing is known of what it was asked. */
export class UnansweredError extends Error {
  constructor(
    readonly code: string,
    cause?: unknown,
  ) {
    super('the identity provider did not answer', { cause });
    this.name = 'UnansweredError';
  }
}

const deadlines = new AsyncLocalStorage<AbortSignal | undefined>();

/** When all requests of what is being done are given up; undefined: each has a time of its own alone. */
export const deadline = (): AbortSignal | undefined => deadlines.getStore();

/** Gives work with a provider so long in all: then it fails, and its requests are broken off. */
export async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let giveUp: () => void = () => undefined;
  const over = new Promise<never>((_resolve, reject) => {
    giveUp = () => {
      const late = new UnansweredError('TIMED_OUT');
      reject(late);
      controller.abort(late);
    };
  });
  const timer = setTimeout(giveUp, ms);
  try {
    return await Promise.race([deadlines.run(controller.signal, work), over]);
  } finally {
    clearTimeout(timer);
  }
}

/** Work that others wait for too: it does not end with whoever began it. */
export const apart = <T>(work: () => Promise<T>): Promise<T> => deadlines.run(undefined, work);
