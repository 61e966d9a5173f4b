import { buildTree, entry, type Canonical, type Tree } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { changedNames } from './version-owners.js';

const HOST = 'reviews.shop.global';
const OTHER = 'cart.shop.global';
const item = (name: string, body: Canonical) => entry(name, body);

const member = (
  host: string,
  cluster: string,
  { versions, state = 'served' }: { versions: string[]; state?: string },
) =>
  item(`host/${host}/member/${cluster}/shop/s`, {
    ...{
      cluster,
      host,
      kind: 'member',
      namespace: 'shop',
      ports: [{ number: 80, targetPort: 80 }],
      selector: [{ name: 'app', value: 's' }],
    },
    ...{ service: 's', state, versions },
  });
const hostEntry = (host: string) =>
  item(`host/${host}`, {
    ...{
      host,
      kind: 'host',
      ports: [{ name: 'http-80', number: 80, protocol: 'HTTP' }],
      service: 's',
      vip: '240.64.0.1',
    },
  });
const catalog = buildTree([
  hostEntry(HOST),
  hostEntry(OTHER),
  member(HOST, 'east', { versions: ['v1'] }),
  member(HOST, 'west', { versions: ['v1', 'v2'] }),
  member(HOST, 'north', { versions: ['v2'], state: 'draining' }),
  member(OTHER, 'north', { versions: ['v2'] }),
]);

interface Named {
  versions: (string | undefined)[];
  mirror?: string;
}

const block = (place: string, scope: string, { versions, mirror }: Named) =>
  item(`${place}/block/routes/default/TrafficPolicy/p`, {
    feature: {
      kind: 'routes',
      rules: [
        {
          backends: versions.map((version) => ({ version, weight: 1 })),
          mirror: mirror === undefined ? undefined : { share: 1, version: mirror },
          name: 'r',
        },
      ],
    },
    kind: 'block',
    policy: { kind: 'TrafficPolicy', name: 'p', project: 'default' },
    scope,
  });
const GNS = item('gns', { domain: 'shop.global', kind: 'gns', name: 'shop', project: 'default' });
const policy = (...blocks: ReturnType<typeof item>[]): Tree => buildTree([GNS, ...blocks]);
const onHost = (...versions: (string | undefined)[]) => block(`host/${HOST}`, 'SERVICE', { versions });

const names = (before: Tree, after: Tree): Record<string, string[]> => {
  const { comes, goes } = changedNames({ before, after }, catalog);
  const text = ({ host, version, cluster }: (typeof comes)[number]): string =>
    `${host.split('.')[0] ?? ''} ${version} ${cluster}`;
  return { comes: comes.map(text), goes: goes.map(text) };
};

describe('what a change of policy names', () => {
  it('is nothing new if routes name no version, one that nobody serves, or the same as before', () => {
    const none = { comes: [], goes: [] };
    expect(names(policy(), policy(onHost(undefined)))).toEqual(none);
    expect(names(policy(), policy(onHost('v9')))).toEqual(none);
    expect(names(policy(onHost('v1', 'v2')), policy(onHost('v2', 'v1', undefined)))).toEqual(none);
    const other = item('gns/encryption', { kind: 'encryption', mode: 'STRICT' });
    expect(names(policy(onHost('v2')), policy(onHost('v2'), other))).toEqual(none);
  });

  it('are versions with the clusters that serve them, in backends and mirrors', () => {
    expect(names(policy(), policy(onHost('v1')))).toEqual({ comes: ['reviews v1 east', 'reviews v1 west'], goes: [] });
    const mirrored = policy(block(`host/${HOST}`, 'SERVICE', { versions: [undefined], mirror: 'v2' }));
    expect(names(policy(onHost('v1')), mirrored)).toEqual({
      comes: ['reviews v2 west'],
      goes: ['reviews v1 east', 'reviews v1 west'],
    });
  });

  it('are those of every host where the whole global namespace is routed', () => {
    const wide = policy(block('gns', 'GLOBAL_NAMESPACE', { versions: ['v2'] }));
    expect(names(policy(), wide)).toEqual({ comes: ['cart v2 north', 'reviews v2 west'], goes: [] });
  });

  it('come to light when a narrower policy that hid them goes', () => {
    const wide = block('gns', 'GLOBAL_NAMESPACE', { versions: ['v2'] });
    expect(names(policy(wide, onHost('v1')), policy(wide))).toEqual({
      comes: ['reviews v2 west'],
      goes: ['reviews v1 east', 'reviews v1 west'],
    });
  });
});
