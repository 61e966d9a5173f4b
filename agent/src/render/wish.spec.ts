import { EMPTY_ROOT, EMPTY_TREE, withRemovalMarks } from '@isthmus/domain';
import { beforeEach, describe, expect, it } from 'vitest';
import { pinnedVerifier } from '../identity/identity.js';
import { ours } from '../cluster/contract.fixture.js';
import { Lines } from '../sync/lines.js';
import { AUDIENCE, PINNED_KEY, signedSync, treeOf } from '../sync/signed.fixture.js';
import { judgeGns } from './wish.js';
import type { JudgeContext, RenderGns } from './wish.js';

const object = { side: 'owner' as const, order: 0, object: ours('a') };
const render: RenderGns = () => ({ kind: 'objects', objects: [object], keepHosts: new Set(), issues: [] });

describe('what an agent does about a global namespace', () => {
  let context: JudgeContext;
  beforeEach(() => {
    const lines = new Lines(AUDIENCE, pinnedVerifier([PINNED_KEY]));
    context = {
      lines,
      render,
      local: { cluster: 'east', namespaces: [], agentNamespace: 'isthmus-system' },
      frozen: () => false,
      awaited: () => [],
    };
  });
  const policy = (seq: number, minCatalogSeq?: number): void => {
    context.lines.receive(signedSync(treeOf('p'), { seq, minCatalogSeq }));
  };
  const catalog = (seq: number): void => {
    context.lines.receive(signedSync(treeOf('c'), { line: 'catalog', cluster: undefined, seq }));
  };
  const codes = async (): Promise<string[]> => (await judgeGns('g1', context)).issues.map(({ code }) => code);

  it('keeps everything as it is without a policy: discovery exposes nothing by itself', async () => {
    catalog(1);
    expect(await judgeGns('g1', context)).toMatchObject({ wish: { kind: 'keep' }, state: 'WAITING' });
    expect(await codes()).toEqual(['ISM0436']);
  });

  it('waits one catalog short of what the policy needs, and no longer', async () => {
    policy(1, 3);
    expect(await codes()).toEqual(['ISM0435']);
    catalog(2);
    expect(await judgeGns('g1', context)).toMatchObject({ wish: { kind: 'keep' }, state: 'WAITING' });
    catalog(3);
    expect(await judgeGns('g1', context)).toMatchObject({ wish: { kind: 'render', planned: false }, state: undefined });
  });

  it('keeps everything while frozen, while its namespaces are not known, and when it cannot read the policy', async () => {
    policy(1);
    catalog(1);
    expect(await judgeGns('g1', { ...context, frozen: () => true })).toMatchObject({
      wish: { kind: 'keep' },
      state: 'FROZEN',
    });
    expect(await judgeGns('g1', { ...context, local: undefined })).toMatchObject({ wish: { kind: 'keep' } });
    expect(await judgeGns('g1', { ...context, render: () => ({ kind: 'unreadable', issues: [] }) })).toMatchObject({
      wish: { kind: 'keep' },
    });
  });

  it('waits for the addresses of gateways that may already be in the cluster', async () => {
    policy(1);
    catalog(1);
    context = { ...context, awaited: () => ['lb.example'] };
    expect(await judgeGns('g1', context)).toMatchObject({ wish: { kind: 'keep' }, state: 'WAITING' });
    expect(await codes()).toEqual(['ISM0447']);
  });

  it('takes from the signed catalog which hosts may lose objects without another decision', async () => {
    const decided = withRemovalMarks(treeOf('c'), new Map([['a.global', true]]));
    policy(1);
    context.lines.receive(signedSync(decided, { line: 'catalog', cluster: undefined, seq: 1 }));
    const { wish } = await judgeGns('g1', context);
    const isDecided = wish.kind === 'render' ? wish.isDecided : undefined;
    expect([isDecided?.('a.global'), isDecided?.('b.global')]).toEqual([true, false]);
  });

  it('leaves by a signed empty tree, without a catalog and without approval', async () => {
    policy(1);
    context.lines.receive(signedSync(EMPTY_TREE, { seq: 2 }, treeOf('p')));
    expect(context.lines.get('g1', 'policy')?.tree?.root).toBe(EMPTY_ROOT);
    expect(await judgeGns('g1', context)).toMatchObject({ wish: { kind: 'render', objects: [], planned: true } });
  });
});
