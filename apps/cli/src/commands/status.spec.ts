import { expect, it } from 'vitest';
import { statusTable } from './status.js';

it('a cluster is called by its name, also where it may not be read, and said to be deleted only when it is', () => {
  const target = {
    clusterName: 'east',
    ...{ state: 'ACTIVE', status: 'APPLIED', inSync: true, cluster: undefined },
    ...{ freshness: { state: 'FRESH', ageSeconds: undefined }, wanted: { revision: 4 }, applied: undefined },
  };
  const gone = { ...target, clusterName: undefined, status: 'UNKNOWN' };
  const table = statusTable([{ name: 'shop', projectName: 'payments', targets: { nodes: [target, gone] }, holds: [] }]);
  expect(table).toMatch(/\npayments\/shop +east +- +APPLIED +4 /);
  expect(table).toMatch(/\npayments\/shop +\(deleted\) +- +UNKNOWN +4 /);
});
