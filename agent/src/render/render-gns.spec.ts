import { EMPTY_TREE } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { renderGns } from './render-gns.js';
import { LOCAL, catalogTree, clusterEntry, hostEntries, policyTree } from './trees.fixture.js';

const policy = policyTree();
const hosts = hostEntries('reviews', ['east', 'west']);

describe('rendering a global namespace', () => {
  it.each([
    ['its mesh cannot be rendered', 'ISM0301', { mesh: 'linkerd' }],
    ['its mesh runs in a mode that is not supported', 'ISM0302', { mode: 'ambient' }],
    ['its trust domain is malformed', 'ISM0310', { trustDomain: 'a b' }],
  ])('leaves the cluster as it is while %s', (_, code, fields) => {
    const catalog = catalogTree([clusterEntry('east', fields), clusterEntry('west'), ...hosts]);
    expect(renderGns({ gns: 'g1', policy, catalog }, LOCAL)).toMatchObject({ kind: 'unreadable', issues: [{ code }] });
  });

  it('leaves the cluster as it is while the catalog does not know it, or the API does not serve a kind', () => {
    const away = catalogTree([clusterEntry('west'), ...hosts]);
    expect(renderGns({ gns: 'g1', policy, catalog: away }, LOCAL)).toMatchObject({ kind: 'unreadable' });
    const catalog = catalogTree([clusterEntry('east'), clusterEntry('west'), ...hosts]);
    expect(renderGns({ gns: 'g1', policy, catalog }, { ...LOCAL, servedKinds: [] })).toMatchObject({
      kind: 'unreadable',
    });
    expect(renderGns({ gns: 'g1', policy: EMPTY_TREE, catalog }, LOCAL)).toMatchObject({ kind: 'unreadable' });
  });

  it('keeps the host whose entries are newer than this agent, and renders the others', () => {
    const newer = catalogTree([
      clusterEntry('east'),
      clusterEntry('west'),
      ...hosts,
      ...hostEntries('ratings', ['east']),
      ['host/ratings.bookinfo.global/variant', { kind: 'variant' }],
    ]);
    const result = renderGns({ gns: 'g1', policy, catalog: newer }, LOCAL);
    expect(result).toMatchObject({ kind: 'objects', keepHosts: new Set(['ratings.bookinfo.global']) });
    expect(result.kind === 'objects' ? result.objects.length : 0).toBeGreaterThan(4);
  });
});
