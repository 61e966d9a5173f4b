import { ageOf, type ClusterObservation } from '@isthmus/slo';
import type { ResourceRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { defineConnection } from '../../graphql/connection.js';
import { Cluster } from '../clusters/cluster.type.js';
import { GlobalNamespace } from '../global-namespaces/global-namespace.type.js';
import { SloPolicy } from '../slo-policies/slo-policy.type.js';
import { seconds, type SloReportModel } from './slo-report-model.js';

/** How an objective stands. */
export const SloStatus = builder.enumType('SloStatus', {
  description: 'How an objective stands over what was measured in its window.',
  values: {
    MET: { description: 'The share of good requests is at least the objective.' },
    BREACHED: { description: 'The share of good requests is below the objective.' },
    NO_DATA: { description: 'No request was measured in the window; this is never a success.' },
  } as const,
});

const SloSource = builder.enumType('SloSource', {
  description: 'Where numbers come from.',
  values: {
    MEASURED: { description: 'Every request was measured at its server.' },
    SIMULATED: { description: 'At least a part was replayed: no statement about real traffic.' },
  } as const,
});

const dateOf = (time: number | undefined): Date | undefined => (time === undefined ? undefined : new Date(time * 1000));

const SloObservation = builder.objectRef<ClusterObservation>('SloObservation').implement({
  description: 'When a cluster that has servers last reported on an objective.',
  fields: (t) => ({
    cluster: t.field({
      type: Cluster,
      nullable: true,
      description: 'The cluster; null once the record is gone.',
      resolve: ({ cluster }, _args, { loaders }) => loaders.cluster.load(cluster),
    }),
    observedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'End of the newest minute that it reported; null: it never did.',
      resolve: ({ observedAt }) => dateOf(observedAt),
    }),
    freshnessSeconds: t.int({
      nullable: true,
      description: 'Seconds since then; grows while nothing is reported.',
      resolve: (one, _args, { clock }) => ageOf({ clusters: [one] }, seconds(clock.now())).freshnessSeconds,
    }),
    stale: t.boolean({
      description: 'True if it did not report within the last five minutes.',
      resolve: (one, _args, { clock }) => ageOf({ clusters: [one] }, seconds(clock.now())).stale,
    }),
  }),
});

/** An objective over one service, or over all of a global namespace. */
export const SloReport = builder.objectRef<SloReportModel>('SloReport');
SloReport.implement({
  description:
    'How an objective stands: over one service in all clusters, or over all services of a global namespace together. Requests are counted at their servers.',
  fields: (t) => ({
    policy: t.field({
      type: SloPolicy,
      nullable: true,
      description: 'The policy; null once it is gone.',
      resolve: ({ slo }, _args, { loaders }): Promise<ResourceRecord | undefined> => loaders.resource.load(slo),
    }),
    globalNamespace: t.field({
      type: GlobalNamespace,
      nullable: true,
      description: 'The global namespace; null once it is gone.',
      resolve: ({ gns }, _args, { loaders }): Promise<ResourceRecord | undefined> => loaders.resource.load(gns),
    }),
    service: t.string({
      nullable: true,
      description: 'Name of the service; null where all services are counted together.',
      resolve: async ({ gns, host }, _args, { loaders }) => {
        if (host === '') return undefined;
        const members = await loaders.members.load(gns);
        return members.find((member) => member.host === host)?.service ?? host.split('.')[0];
      },
    }),
    host: t.string({
      nullable: true,
      description: 'DNS name of the service; null where all services are counted together.',
      resolve: ({ host }) => (host === '' ? undefined : host),
    }),
    status: t.field({ type: SloStatus, description: 'How it stands.', resolve: ({ report }) => report.status }),
    source: t.field({
      type: SloSource,
      nullable: true,
      description: 'Where its numbers come from; null without any.',
      resolve: ({ report: { total, simulated } }) => {
        if (simulated) return 'SIMULATED';
        return total > 0 ? 'MEASURED' : undefined;
      },
    }),
    evaluatedAt: t.expose('evaluatedAt', { type: 'DateTime', description: 'When it was evaluated.' }),
    observedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'End of the newest minute of the cluster that reported longest ago; null: none ever did.',
      resolve: ({ observedAt }) => dateOf(observedAt),
    }),
    freshnessSeconds: t.int({
      nullable: true,
      description: 'Seconds since observedAt; grows while a cluster reports nothing.',
      resolve: ({ freshnessSeconds }) => freshnessSeconds,
    }),
    stale: t.exposeBoolean('stale', {
      description: 'True if a cluster that has servers did not report within the last five minutes, or never did.',
    }),
    observations: t.field({
      type: [SloObservation],
      description: 'Every cluster that has servers, with its last report.',
      resolve: ({ report }) => report.clusters,
    }),
  }),
});

export const SloReportConnection = defineConnection('SloReport', SloReport);
