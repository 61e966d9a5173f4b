import { describe, expect, it } from 'vitest';
import { joinView } from '../intent/join-view.js';
import { buildTree, EMPTY_TREE } from '../tree/build.js';
import { entry } from '../tree/entry.js';
import type { Tree } from '../tree/types.js';
import { isDecidedRemoval, withRemovalMarks } from './removal-marks.js';

const host = entry('host/a.global', { kind: 'host', host: 'a.global', service: 'a', vip: '240.64.0.1', ports: [] });
const policy = buildTree([entry('gns', { kind: 'gns', project: 'p', name: 'n', domain: 'global' })]);
const marked = (base: Tree, isWhole: boolean): Tree => withRemovalMarks(base, new Map([['a.global', isWhole]]));

describe('marks of decided removals', () => {
  it('say nothing of a host without one, or with one that cannot be read', () => {
    expect(isDecidedRemoval(buildTree([host]), 'a.global', 'global')).toBe(false);
    expect(isDecidedRemoval(marked(EMPTY_TREE, true), 'b.global', 'global')).toBe(false);
    const newer = buildTree([
      entry('host/a.global/removed', { kind: 'removed', host: 'a.global', whole: true, until: 3 }),
    ]);
    const other = buildTree([entry('host/a.global/removed', { kind: 'removed', host: 'b.global', whole: true })]);
    expect([newer, other].some((tree) => isDecidedRemoval(tree, 'a.global', 'global'))).toBe(false);
  });

  it('cover a host that went as a whole, and parts of one that stays, but no host that vanished while a part was decided', () => {
    expect(isDecidedRemoval(marked(EMPTY_TREE, true), 'a.global', 'global')).toBe(true);
    expect(isDecidedRemoval(marked(buildTree([host]), true), 'a.global', 'global')).toBe(true);
    expect(isDecidedRemoval(marked(buildTree([host]), false), 'a.global', 'global')).toBe(true);
    expect(isDecidedRemoval(marked(EMPTY_TREE, false), 'a.global', 'global')).toBe(false);
  });

  it('of the domain cover every host that stays and what belongs to none, but no host that vanished', () => {
    const wide = (base: Tree): Tree => withRemovalMarks(base, new Map([['global', false]]));
    const answers = (tree: Tree, domain?: string) =>
      ['a.global', 'b.global', undefined].map((name) => isDecidedRemoval(tree, name, domain));
    expect(answers(wide(buildTree([host])), 'global')).toEqual([true, false, true]);
    expect(answers(wide(buildTree([host])), 'other')).toEqual([false, false, false]);
    expect(answers(wide(buildTree([host])))).toEqual([false, false, false]);
    expect(answers(buildTree([host]), 'global')).toEqual([false, false, false]);
    expect(joinView(policy, wide(buildTree([host])))).toEqual(joinView(policy, buildTree([host])));
  });

  it('change nothing of what is rendered, and no catalog without any', () => {
    const catalog = buildTree([host]);
    expect(withRemovalMarks(catalog, new Map())).toBe(catalog);
    expect(joinView(policy, marked(catalog, false))).toEqual(joinView(policy, catalog));
  });
});
