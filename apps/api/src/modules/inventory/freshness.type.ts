import type { SessionRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';

/** How old a remote fact is. */
export interface FreshnessModel {
  state: 'FRESH' | 'STALE' | 'UNKNOWN';
  observedAt?: Date;
  ageSeconds?: number;
}

const FreshnessState = builder.enumType('FreshnessState', {
  description: 'Whether a remote fact can be relied on.',
  values: {
    FRESH: { description: 'The source is connected.' },
    STALE: { description: 'The source is not connected: this is what it said last.' },
    UNKNOWN: { description: 'The source was never heard.' },
  } as const,
});

export const Freshness = builder.objectRef<FreshnessModel>('Freshness').implement({
  description: 'How old a remote fact is.',
  fields: (t) => ({
    state: t.field({
      type: FreshnessState,
      description: 'Whether it can be relied on.',
      resolve: ({ state }) => state,
    }),
    observedAt: t.expose('observedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the source was last heard; null = never.',
    }),
    ageSeconds: t.exposeInt('ageSeconds', { nullable: true, description: 'Seconds since then.' }),
  }),
});

/** Freshness of everything that one agent tells. */
export function freshnessOfSession(session: SessionRecord | undefined, now: Date): FreshnessModel {
  const observedAt = session?.lastSeenAt ?? session?.connectedAt;
  if (session === undefined || observedAt === undefined) return { state: 'UNKNOWN' };
  const ageSeconds = Math.max(0, Math.round((now.getTime() - observedAt.getTime()) / 1000));
  return { state: session.connected ? 'FRESH' : 'STALE', observedAt, ageSeconds };
}

/** Of several sources: as bad as the worst of them, as old as the oldest. */
export function worstFreshness(all: readonly FreshnessModel[]): FreshnessModel {
  if (all.length === 0 || all.some(({ state }) => state === 'UNKNOWN')) return { state: 'UNKNOWN' };
  const oldest = [...all].sort((a, b) => (b.ageSeconds ?? 0) - (a.ageSeconds ?? 0))[0];
  const state = all.some((one) => one.state === 'STALE') ? 'STALE' : 'FRESH';
  return { ...oldest, state };
}
