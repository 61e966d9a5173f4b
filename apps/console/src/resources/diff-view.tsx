import type { ReactNode } from 'react';

/** A unified diff as text: lines that begin with + and − say by their sign what they are. */
export function DiffView({ label, diff }: { label: string; diff: string }): ReactNode {
  return (
    <pre className="isthmus-diff" tabIndex={0} role="region" aria-label={label}>
      {diff}
    </pre>
  );
}
