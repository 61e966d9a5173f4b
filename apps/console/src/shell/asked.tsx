import type { ReactNode } from 'react';
import { Failed, Loading } from './states.js';

interface AskedProps<T> {
  data: T | undefined;
  error: Error | undefined;
  again: () => void;
  children: (data: T) => ReactNode;
}

/** What was asked for: that it is on its way, why it did not come, or itself. */
export function Asked<T>({ data, error, again, children }: AskedProps<T>): ReactNode {
  return (
    <>
      {error === undefined ? null : <Failed error={error} again={again} />}
      {data === undefined && error === undefined ? <Loading /> : null}
      {data === undefined ? null : children(data)}
    </>
  );
}
