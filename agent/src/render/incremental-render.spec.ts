import { entry, updateTree } from '@isthmus/domain';
import type { LocalFacts, Tree } from '@isthmus/domain';
import { mergeResults } from '@isthmus/meshes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incrementalRender } from './incremental-render.js';
import { renderGns } from './render-gns.js';
import { LOCAL, catalogTree, clusterEntry, hostEntries, policyTree, type Fields } from './trees.fixture.js';
import type { GnsRender } from './wish.js';

const SERVICES = ['a', 'b', 'c', 'd'];
const base = catalogTree([
  clusterEntry('east'),
  clusterEntry('west'),
  ...SERVICES.flatMap((service) => hostEntries(service, ['east', 'west'])),
]);

/** Comparable, whatever the order of the objects. */
function inOrder(render: GnsRender): unknown {
  if (render.kind === 'unreadable') return render;
  const { objects, issues, keepHosts } = render;
  const merged = mergeResults([{ objects: [...objects], issues: [] }]);
  return { objects: merged.objects, issues, keepHosts };
}

type Change = (catalog: Tree, local: LocalFacts) => { catalog: Tree; local: LocalFacts };
const put = (catalog: Tree, entries: ReturnType<typeof hostEntries>): Tree =>
  updateTree(catalog, { put: entries.map(([name, body]) => entry(name, body)) });
const withTree =
  (change: (catalog: Tree) => Tree): Change =>
  (catalog, local) => ({ catalog: change(catalog), local });

const service = fc.constantFrom(...SERVICES, 'e');
const changes: fc.Arbitrary<Change> = fc.oneof(
  fc
    .tuple(service, fc.subarray(['east', 'west'], { minLength: 1 }), fc.constantFrom(80, 81))
    .map(([name, at, port]) => withTree((catalog) => put(catalog, hostEntries(name, at, port)))),
  service.map((name) =>
    withTree((catalog) => {
      const prefix = `host/${name}.bookinfo.global`;
      return updateTree(catalog, { remove: [...catalog.entries.keys()].filter((one) => one.startsWith(prefix)) });
    }),
  ),
  service.map((name) =>
    withTree((catalog) => put(catalog, [[`host/${name}.bookinfo.global/variant`, { kind: 'new' }]])),
  ),
  fc
    .constantFrom<Fields>({ mode: 'ambient' }, { mesh: 'linkerd' }, {}, { locality: 'eu/x' })
    .map((fields) => withTree((catalog) => put(catalog, [clusterEntry('east', fields)]))),
  fc
    .constantFrom<Fields>({ gateways: [] }, { trustDomain: 'other.example' }, {})
    .map((fields) => withTree((catalog) => put(catalog, [clusterEntry('west', fields)]))),
  fc
    .constantFrom<Partial<LocalFacts>>(
      { dnsCapture: false },
      { namespaces: [] },
      { acceptedTrustDomains: ['other.example'] },
    )
    .map((facts): Change => (catalog, local) => ({ catalog, local: { ...local, ...facts } })),
);

describe('rendering what changed', () => {
  it('gives what rendering everything gives, after every change of any kind', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(changes, fc.constantFrom('PERMISSIVE' as const, 'STRICT' as const)), { minLength: 1 }),
        async (steps) => {
          const render = incrementalRender();
          let state = { catalog: base, local: LOCAL };
          for (const [change, mode] of steps) {
            state = change(state.catalog, state.local);
            const request = { gns: 'g1', policy: policyTree(mode), catalog: state.catalog };
            expect(inOrder(await render(request, state.local))).toEqual(inOrder(renderGns(request, state.local)));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives the very same result for the same trees and facts, for each global namespace its own', async () => {
    const render = incrementalRender();
    const request = { gns: 'g1', policy: policyTree(), catalog: base };
    const first = await render(request, LOCAL);
    expect(await render({ ...request, gns: 'g2' }, { ...LOCAL, namespaces: [] })).not.toBe(first);
    expect(await render(request, { ...LOCAL })).toBe(first);
  });

  it('keeps every object of hosts that did not change the very same one', async () => {
    const render = incrementalRender();
    const policy = policyTree();
    const before = await render({ gns: 'g1', policy, catalog: base }, LOCAL);
    const after = await render(
      { gns: 'g1', policy, catalog: put(base, hostEntries('b', ['east', 'west'], 81)) },
      LOCAL,
    );
    if (before.kind !== 'objects' || after.kind !== 'objects') throw new Error('both are rendered');
    const known = new Set(before.objects);
    const hosts = new Set(after.objects.filter((one) => !known.has(one)).map(({ host }) => host));
    expect(hosts).toEqual(new Set(['b.bookinfo.global']));
  });
});
