import { objectKey, parseBundle } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { contentHash } from '../content-hash.js';
import { baseFiles, policyCases, renderFiles, type RenderedCase } from '../istio/render/policy-cases.fixture.js';
import { istioRenderer } from '../istio/render/istio-renderer.js';
import { ObjectSources } from './object-sources.js';

const PLENTY = 1_000;
const ENCRYPTION = { kind: 'EncryptionPolicy', project: 'default', name: 'bookinfo' };

/** Sources of everything that a bundle renders to, by cluster and key of the object, as `Kind/name`. */
function sourcesIn({ scenes }: RenderedCase): Map<string, { sources: string[]; hash: string }> {
  const found = new Map<string, { sources: string[]; hash: string }>();
  for (const { view, local } of scenes) {
    const sources = new ObjectSources({ renderer: istioRenderer, view, local, encryption: ENCRYPTION });
    for (const one of istioRenderer.render(view, local).objects) {
      const told = sources.of(one, { left: PLENTY }) ?? [];
      const names = told.map(({ kind, name }) => `${kind}/${name}`);
      found.set(`${local.cluster} ${objectKey(one.object)}`, { sources: names, hash: contentHash(one.object) });
    }
  }
  return found;
}

const rendered = (text: string) => renderFiles([...baseFiles(), { path: 'case.yaml', text }]);
const base = sourcesIn(rendered(''));
const textOf = (wanted: string): string => policyCases().find(({ name }) => name === wanted)?.text ?? '';

const sourcesOf = (name: string, object: string): string[] | undefined =>
  [...sourcesIn(rendered(textOf(name)))].find(([key]) => key.endsWith(object))?.[1].sources;

describe('sources of rendered objects', () => {
  it('are the global namespace alone where no policy says anything', () => {
    const without = [...base.values()].filter(({ sources }) => sources.join() === 'GlobalNamespace/bookinfo');
    expect(base.size).toBeGreaterThan(3);
    expect(without).toHaveLength(base.size);
  });

  it.each(policyCases().map(({ name, text }) => ({ name, text })))(
    'name a resource of the case for each object that $name adds or changes',
    ({ text }) => {
      const own = new Set(
        parseBundle([{ path: 'case.yaml', text }]).resources.map(
          ({ resource }) => `${resource.kind}/${resource.metadata.name}`,
        ),
      );
      // Machines are part of the catalog, clusters of the fleet: neither is a policy that something comes from.
      if ([...own].every((one) => /^(WorkloadSite|Cluster)\//.test(one))) return;
      const now = sourcesIn(rendered(text));
      const changed = [...now].filter(([key, { hash }]) => base.get(key)?.hash !== hash);
      const untold = changed.filter(([, { sources }]) => !sources.some((one) => own.has(one)));
      expect(untold.map(([key]) => key)).toEqual([]);
    },
  );

  it('name who holds, and not who lost against it', () => {
    expect(sourcesOf('enforced', 'VirtualService/isthmus-system/details-bookinfo-global')).toEqual([
      'GlobalNamespace/bookinfo',
      'TrafficPolicy/a',
      'TrafficPolicy/ceiling',
    ]);
  });

  it('name each of those that say the same together, though none of them could be missed alone', () => {
    const cordon = (name: string): string => `apiVersion: isthmus.dev/v1alpha1
kind: FailoverPolicy
metadata: { name: ${name} }
spec:
  targets: [{ globalNamespace: bookinfo }]
  cordon: { clusters: [west] }
---
`;
    const now = sourcesIn(rendered(cordon('one') + cordon('two')));
    const changed = [...now].filter(([key, { hash }]) => base.get(key)?.hash !== hash);
    expect(changed.length).toBeGreaterThan(0);
    for (const [, { sources }] of changed)
      expect(sources).toEqual(['GlobalNamespace/bookinfo', 'FailoverPolicy/one', 'FailoverPolicy/two']);
  });

  it('are not known, and cost nothing, where telling them would cost more than is left', () => {
    const { scenes } = rendered(textOf('enforced'));
    const [{ view, local } = { view: undefined, local: undefined }] = scenes;
    if (view === undefined || local === undefined) throw new Error('nothing was rendered');
    const one = istioRenderer
      .render(view, local)
      .objects.find(({ host, object }) => host === 'details.bookinfo.global' && object.kind === 'VirtualService');
    if (one === undefined) throw new Error('nothing was rendered of the host');
    const sources = new ObjectSources({ renderer: istioRenderer, view, local });
    const [little, enough] = [{ left: 1 }, { left: 2 }];
    expect([sources.of(one, little), little.left]).toEqual([undefined, 1]);
    expect([sources.of(one, enough)?.length, enough.left]).toEqual([3, 0]);
  });
});
