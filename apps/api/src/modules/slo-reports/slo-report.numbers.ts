import { builder } from '../../graphql/builder.js';
import { SloReport } from './slo-report.type.js';

builder.objectFields(SloReport, (t) => ({
  objective: t.float({
    description: 'Wanted share of good requests, 0 to 1.',
    resolve: ({ report }) => report.objective,
  }),
  attainment: t.float({
    nullable: true,
    description: 'Share of good requests in the window, 0 to 1; null without data.',
    resolve: ({ report }) => report.attainment,
  }),
  errorBudgetRemaining: t.float({
    nullable: true,
    description:
      'Share of the error budget that is left: 1 = untouched, 0 = used up, negative = overspent; null without data.',
    resolve: ({ report }) => report.budgetRemaining,
  }),
  burnRate1h: t.float({
    nullable: true,
    description:
      'Error rate of the last hour over the one that the objective allows: 1 uses the budget up at the end of the window; null without data.',
    resolve: ({ report }) => report.burnRate1h,
  }),
  burnRate6h: t.float({
    nullable: true,
    description: 'As burnRate1h, over the last six hours.',
    resolve: ({ report }) => report.burnRate6h,
  }),
  good: t.float({
    description: 'Good requests in the window; fractions come of estimates between scrapes.',
    resolve: ({ report }) => report.good,
  }),
  total: t.float({
    description: 'All requests that were measured in the window.',
    resolve: ({ report }) => report.total,
  }),
  uncertain: t.float({
    description: 'Requests in the histogram bucket that holds the threshold of LATENCY: counted as bad.',
    resolve: ({ report }) => report.uncertain,
  }),
  windowStart: t.field({
    type: 'DateTime',
    description: 'Start of the rolling window at the last evaluation.',
    resolve: ({ report }) => new Date(report.windowStart * 1000),
  }),
  coverage: t.float({
    description: 'Share of the window since the first report in it; below 1 the window is not full yet.',
    resolve: ({ report }) => report.coverage,
  }),
}));
