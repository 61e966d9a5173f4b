import { expect, it } from 'vitest';
import { byBudget, type SloReportModel } from './slo-report-model.js';

const report = (slo: string, budgetRemaining?: number): SloReportModel =>
  ({ gns: 'g', slo, host: '', report: { budgetRemaining } }) as SloReportModel;

it('puts what was not measured last, whatever is overspent first, and equals by their names', () => {
  const all = [
    report('b'),
    report('fine', 1),
    report('a'),
    report('spent', -2),
    report('half', 0.5),
    report('none', 0),
  ];
  expect(all.sort(byBudget).map(({ slo }) => slo)).toEqual(['spent', 'none', 'half', 'fine', 'a', 'b']);
});
