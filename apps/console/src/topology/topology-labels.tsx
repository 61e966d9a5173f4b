import { Label } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { topologyMessages as texts } from '../messages/topology-messages.js';
import type { CallVerdict, ShownService } from './topology-document.js';

type Mode = ShownService['encryption'];

/** Shackles of the lock: shut, ajar, open, and dashed where nobody says anything. */
const SHACKLES = {
  STRICT: 'M5 7V5a3 3 0 0 1 6 0v2',
  PERMISSIVE: 'M5 7V4a3 3 0 0 1 6 0',
  DISABLE: 'M11 7V4a3 3 0 0 1 6 0',
};

/** A lock with the mode in words beside it, or hidden for eyes that see the lock alone. */
export function Lock({ mode, isShort = false }: { mode: Mode; isShort?: boolean }): ReactNode {
  const text = mode === null ? texts.meshDefault : texts.modes[mode];
  return (
    <span className="isthmus-lock" title={isShort ? text : undefined}>
      <svg viewBox="0 0 18 16" width="18" height="16" aria-hidden fill="none" stroke="currentColor" strokeWidth="1.6">
        <path d={SHACKLES[mode ?? 'STRICT']} strokeDasharray={mode === null ? '2 1.5' : undefined} />
        <rect x="3" y="7" width="10" height="8" rx="1" fill={mode === 'STRICT' ? 'currentColor' : 'none'} />
      </svg>{' '}
      {isShort ? <span className="pf-v6-screen-reader">{text}</span> : text}
    </span>
  );
}

const STATUS = {
  ALLOWED: 'success',
  ALLOWED_BY_DEFAULT: 'success',
  DENIED: 'danger',
  DENIED_BY_DEFAULT: 'danger',
  DEPENDS: 'warning',
} as const;

/** What becomes of calls. */
export function VerdictLabel({ verdict }: { verdict: CallVerdict }): ReactNode {
  return (
    <Label isCompact status={STATUS[verdict]}>
      {texts.verdicts[verdict]}
    </Label>
  );
}

/** How many of the instances clients may use, in words. */
export function servedText({ instances }: Pick<ShownService, 'instances'>): string {
  return texts.served(instances.filter(({ state }) => state === 'SERVED').length, instances.length);
}

/** Versions of instances, each once. */
export function versionsOf({ instances }: Pick<ShownService, 'instances'>): string[] {
  return [...new Set(instances.flatMap(({ versions }) => versions))].sort();
}

/** Clusters of a service, each once. */
export function clustersOf({ instances }: ShownService): string[] {
  return [...new Set(instances.map(({ cluster }) => cluster))].sort();
}
