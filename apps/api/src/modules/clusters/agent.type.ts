import type { EnrolmentRecord, SessionRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { Freshness, freshnessOfSession } from '../inventory/freshness.type.js';

/** The agent of a cluster, as the gateways last saw it. */
export const Agent = builder.objectRef<SessionRecord>('Agent').implement({
  description: 'The agent of a cluster, as the gateways last saw it.',
  fields: (t) => ({
    connected: t.exposeBoolean('connected', { description: 'True if it has an open stream.' }),
    session: t.exposeInt('session', { description: 'Grows with each connection; only the newest counts.' }),
    version: t.exposeString('agentVersion', { nullable: true, description: 'Version of the agent.' }),
    address: t.exposeString('address', { nullable: true, description: 'Address it last connected from.' }),
    clusterUid: t.exposeString('clusterUid', { nullable: true, description: 'UID that the identity is bound to.' }),
    connectedAt: t.expose('connectedAt', { type: 'DateTime', nullable: true, description: 'When it last connected.' }),
    disconnectedAt: t.expose('disconnectedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last cut off.',
    }),
    lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime', nullable: true, description: 'When it was last heard.' }),
    lastError: t.exposeString('lastError', { nullable: true, description: 'Last error of its connection.' }),
    quarantine: t.exposeString('quarantine', {
      nullable: true,
      description: 'Why its identity may not connect until a person clears it.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its identity was revoked.',
    }),
    freshness: t.field({
      type: Freshness,
      description: 'How old what it told is.',
      resolve: (session, _args, { clock }) => freshnessOfSession(session, clock.now()),
    }),
  }),
});

/** An enrolment token, without its secret. */
export const Enrolment = builder.objectRef<EnrolmentRecord>('Enrolment').implement({
  description: 'A single-use token for enrolling a cluster’s agent; its secret is never shown again.',
  fields: (t) => ({
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it can be used.' }),
    usedAt: t.expose('usedAt', { type: 'DateTime', nullable: true, description: 'When it was used.' }),
  }),
});
