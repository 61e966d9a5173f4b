import { expect, it } from 'vitest';
import { statusTable } from './status.js';

it('a cluster that may not be read is not said to be deleted', () => {
  const target = {
    ...{ state: 'ACTIVE', status: 'APPLIED', inSync: true, cluster: undefined },
    ...{ freshness: { state: 'FRESH', ageSeconds: undefined }, wanted: { revision: 4 }, applied: undefined },
  };
  const table = statusTable([{ name: 'shop', projectName: 'payments', targets: { nodes: [target] }, holds: [] }]);
  expect(table).toMatch(/\npayments\/shop +\(hidden or deleted\) +- +APPLIED +4 /);
});
