/** Prints one line a step with the seconds since the start. */
export interface Progress {
  step: (text: string) => void;
}

/** `now` in milliseconds; `write` takes whole lines. */
export function createProgress(now: () => number, write: (line: string) => void): Progress {
  const started = now();
  return {
    step: (text) => {
      write(`[${((now() - started) / 1000).toFixed(1).padStart(5)} s] ${text}`);
    },
  };
}
