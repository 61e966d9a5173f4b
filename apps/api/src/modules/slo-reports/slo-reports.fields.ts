import type { SloReportRecord } from '@isthmus/store';
import { authorize } from '../../auth/viewer.js';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { pageArgs, pageByPlace, pageOf } from '../../graphql/connection.js';
import type { Context } from '../../graphql/context.js';
import { needs } from '../../graphql/guard.js';
import { seenOf } from '../../graphql/sight.js';
import { GlobalNamespace } from '../global-namespaces/global-namespace.type.js';
import { GlobalService } from '../global-services/global-service.type.js';
import { SloPolicy } from '../slo-policies/slo-policy.type.js';
import { byBudget, reportKeyOf, reportsAt, type SloReportModel } from './slo-report-model.js';
import { SloReport, SloReportConnection } from './slo-report.type.js';

type Of = { gns: string } | { slo: string } | { host: string };

function rowsOf(of: Of, { loaders }: Context): Promise<SloReportRecord[]> {
  if ('host' in of) return loaders.read((tx) => tx.sloStates.reports(of));
  return 'gns' in of ? loaders.sloReportsOfGns.load(of.gns) : loaders.sloReportsOfPolicy.load(of.slo);
}

async function reportsOf(of: Of, context: Context): Promise<SloReportModel[]> {
  const { loaders, clock } = context;
  const rows = await rowsOf(of, context);
  const viewer = callerOf(context);
  const seen = await seenOf(viewer, rows, { kind: 'GlobalNamespace', uidOf: ({ gns }) => gns, loaders });
  return reportsAt(seen, clock.now());
}

const byKey = (a: SloReportModel, b: SloReportModel): number => (reportKeyOf(a) < reportKeyOf(b) ? -1 : 1);

builder.objectFields(SloPolicy, (t) => ({
  reports: t.field({
    type: SloReportConnection,
    description:
      'How it stands for each service that it applies to; empty until the first evaluation, within a minute.',
    args: pageArgs(t.arg),
    resolve: async ({ uid }, args, context) => {
      const all = await reportsOf({ slo: uid }, context);
      return pageOf(all.filter(({ host }) => host !== '').sort(byKey), reportKeyOf, args);
    },
  }),
  aggregates: t.field({
    type: [SloReport],
    description: 'How it stands for each global namespace, over all services that it applies to there.',
    resolve: async ({ uid }, _args, context) =>
      (await reportsOf({ slo: uid }, context)).filter(({ host }) => host === ''),
  }),
}));

builder.objectFields(GlobalNamespace, (t) => ({
  slos: t.field({
    type: [SloReport],
    description: 'How each of its objectives stands, over all services that the objective applies to.',
    resolve: async ({ uid }, _args, context) =>
      (await reportsOf({ gns: uid }, context)).filter(({ host }) => host === ''),
  }),
}));

builder.objectFields(GlobalService, (t) => ({
  slos: t.field({
    type: [SloReport],
    description: 'How each objective that applies to it stands.',
    resolve: async ({ gns, host }, _args, context) =>
      (await reportsOf({ gns }, context)).filter((report) => report.host === host),
  }),
}));

builder.queryFields((t) => ({
  sloReports: t.field({
    type: SloReportConnection,
    description:
      'How the objectives of all global namespaces stand, each over all services that it applies to there: the least that is left of an error budget first, those without data last.',
    args: pageArgs(t.arg),
    ...needs('GlobalNamespace.read'),
    resolve: async (_root, args, context) => {
      authorize(callerOf(context), 'GlobalNamespace.read');
      return pageByPlace((await reportsOf({ host: '' }, context)).sort(byBudget), args);
    },
  }),
}));
