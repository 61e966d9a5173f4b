import { describe, expect, it } from 'vitest';
import { renderStatusTable, type StatusRow } from './status-table.js';

const ROW: StatusRow = {
  cluster: 'east',
  mesh: 'istio 1.30',
  globalNamespace: 'bookinfo',
  wanted: 2,
  applied: 1,
  objects: 12,
  issues: 0,
  agent: 'connected',
};

describe('the status table', () => {
  it('says unknown, never a number, for what nobody reported', () => {
    const lines = renderStatusTable([{ ...ROW, applied: undefined, objects: undefined, issues: undefined }]);
    expect(lines[1]).toMatch(/2 +unknown +unknown +unknown +connected$/);
  });

  it('aligns its columns and has a line for every row', () => {
    const lines = renderStatusTable([ROW, { ...ROW, cluster: 'a-longer-name' }]);
    expect(lines).toHaveLength(3);

    expect(lines[1]?.indexOf('istio')).toBe(lines[0]?.indexOf('MESH'));
  });
});
