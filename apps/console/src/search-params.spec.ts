import { describe, expect, it } from 'vitest';
import {
  auditSearch,
  editorSearch,
  issuesSearch,
  listSearch,
  resourceSearch,
  revisionsSearch,
  sessionsSearch,
} from './search-params.js';

describe('what an address says', () => {
  it('leaves out what cannot be meant', () => {
    expect(listSearch({ search: '', sort: 'SIZE', direction: 'UP', after: 7, project: ['a'] })).toEqual({});
    expect(resourceSearch({ tab: 'spec', project: { a: 1 } })).toEqual({});
    expect(issuesSearch({ severity: 'error' })).toEqual({});
    expect(editorSearch({ name: 'x'.repeat(2001) })).toEqual({});
    expect(auditSearch({ actor: null })).toEqual({});
    expect(sessionsSearch({ all: 'yes' })).toEqual({});
    for (const from of [0, -1, 1.5, '1', 2 ** 31]) expect(revisionsSearch({ from })).toEqual({});
  });

  it('takes what can', () => {
    const list = { search: 'web', sort: 'UPDATED_AT', direction: 'DESC', project: 'shop' };
    expect(listSearch(list)).toEqual(list);
    expect(resourceSearch({ tab: 'yaml', project: 'shop' })).toEqual({ tab: 'yaml', project: 'shop' });
    expect(issuesSearch({ severity: 'ERROR', after: 'c' })).toEqual({ severity: 'ERROR' });
    expect(revisionsSearch({ gns: 'a', from: 1, to: 2 ** 31 - 1 })).toEqual({ gns: 'a', from: 1, to: 2 ** 31 - 1 });
    expect(editorSearch({ name: 'x'.repeat(2000) })).toEqual({ name: 'x'.repeat(2000) });
  });
});
