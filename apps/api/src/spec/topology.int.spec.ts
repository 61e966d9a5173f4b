import type { Store } from '@isthmus/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSchema } from '../graphql/schema.js';
import { postgres } from './api.fixture.js';
import { callerWith, startOperations } from './isolation.fixture.js';
import { plantWorld, StatementCount, type Running } from './topology.fixture.js';

interface Service {
  id: string;
  host: string;
  instances: { cluster: string; versions: string[] }[];
  encryption: string | null;
}
interface Topology {
  totalServices: number;
  matchingServices: number;
  services: Service[];
  groups: { id: string; name: string | null; rest: boolean; services: number }[];
  clusters: { name: string; services: number; gateways: { address: string }[] | null; freshness: object | null }[];
  paths: { to: string; from: string[]; gateways: number; services: number }[];
  edges?: {
    from: string;
    to: string;
    verdict: string;
    rehearsal: string | null;
    policies: { name: string }[];
    services: number;
  }[];
}

const WHOLE = `totalServices matchingServices
  services { id host name globalNamespace project encryption objective serviceGroups ports { number protocol }
    instances { cluster namespace service state versions } }
  groups { id name rest services breached unserved encryption { mode services } }
  clusters { name services gateways { address port } freshness { state } }
  paths { to from gateways services } namespaces serviceGroups`;

const many: Running = Object.fromEntries(
  Array.from({ length: 1000 }, (_, index) => [
    `s${String(index).padStart(4, '0')}`,
    [`east/n${index % 300}`, ...(index % 4 === 0 ? [`west/n${index % 300}`] : [])],
  ]),
);
const bookinfo: Running = {
  front: ['east/shop'],
  cart: ['east/shop/v1', 'west/shop/v2'],
  pay: ['west/vault'],
};
const admit = (name: string, mode?: 'AUDIT') => ({
  ...(mode === undefined ? {} : { mode }),
  rules: [{ action: 'ALLOW', from: [{ services: [name] }], to: [{ ports: [80] }] }],
});

postgres.suite('topologies', () => {
  let store: Store;
  let operations: Awaited<ReturnType<typeof startOperations>>;
  let count: StatementCount;
  beforeAll(async () => {
    count = new StatementCount();
    ({ store } = await postgres.freshStore());
    operations = await startOperations(store, buildSchema());
    const access = { front: admit('front'), strict: admit('nobody', 'AUDIT') };
    await plantWorld(store, { project: 'shops', gns: 'small', running: bookinfo, encryption: 'STRICT', access });
    await plantWorld(store, { project: 'hush', gns: 'secret', running: { zzhush: ['east/dark'] } });
    await plantWorld(store, { project: 'shops', gns: 'large', running: many });
  });
  afterAll(async () => {
    await operations.close();
    await store.close();
    count.end();
  });

  const ask = async (
    text: string,
    grant = 'Owner',
    org = 'default',
  ): Promise<Record<string, { topology: Topology | null } | null>> => {
    const { data, errors } = await operations.run(callerWith(org, grant), text);
    expect(errors).toBeUndefined();
    return data as never;
  };
  const ofGns = async (name: string, { args = '', edges = '', grant = 'Owner' } = {}): Promise<Topology> => {
    const text = `{ globalNamespace(name: "${name}", project: "shops") { topology${args} { ${WHOLE} ${edges} } } }`;
    const topology = (await ask(text, grant))['globalNamespace']?.topology;
    if (!topology) throw new Error('there is no topology');
    return topology;
  };

  describe('of a global namespace', () => {
    it('are nobody’s who may not read it, in its organization or another', async () => {
      const text = `{ globalNamespace(name: "small", project: "shops") { topology { ${WHOLE} } } }`;
      expect(await ask(text, 'Viewer@PROJECT:hush')).toEqual({ globalNamespace: null });
      expect(await ask(text, 'Owner', 'other')).toEqual({ globalNamespace: null });
    });

    it('do not exist before it was compiled', async () => {
      await store.mutate('default', { actor: 'user:spec', action: 'applyResources' }, (tx) =>
        tx.resources.put({
          kind: 'GlobalNamespace',
          project: 'shops',
          name: 'new',
          spec: { domain: 'new.global', members: [{}] },
        }),
      );
      const text = `{ globalNamespace(name: "new", project: "shops") { topology { totalServices } } }`;
      expect(await ask(text)).toEqual({ globalNamespace: { topology: null } });
    });

    it('tell where services run in which version, how they are encrypted, and the gateways between clusters', async () => {
      const { services, groups, clusters, paths } = await ofGns('small');
      expect(groups).toEqual([]);
      expect(services.map(({ host, encryption }) => [host, encryption])).toEqual([
        ['cart.small.shops.global', 'STRICT'],
        ['front.small.shops.global', 'STRICT'],
        ['pay.small.shops.global', 'STRICT'],
      ]);
      expect(services[0]?.instances).toMatchObject([
        { cluster: 'east', namespace: 'shop', service: 'cart', state: 'SERVED', versions: ['v1'] },
        { cluster: 'west', versions: ['v2'] },
      ]);
      expect(clusters).toEqual([
        {
          name: 'east',
          services: 2,
          gateways: [{ address: '192.0.2.1', port: 15443 }],
          freshness: { state: 'UNKNOWN' },
        },
        { name: 'west', services: 2, gateways: [], freshness: { state: 'UNKNOWN' } },
      ]);
      expect(paths).toEqual([
        { to: 'east', from: ['west'], gateways: 1, services: 2 },
        { to: 'west', from: ['east'], gateways: 0, services: 2 },
      ]);
    });

    it('tell of clusters that one may not read only their names', async () => {
      const { clusters } = await ofGns('small', { grant: 'Viewer@GLOBAL_NAMESPACE:shops/small' });
      expect(clusters).toEqual([
        { name: 'east', services: 2, gateways: null, freshness: null },
        { name: 'west', services: 2, gateways: null, freshness: null },
      ]);
    });

    it('tell who may call whom and by which policy, and what a rehearsal would change', async () => {
      const all = await ofGns('small');
      const idOf = (service: string) => all.services.find(({ host }) => host.startsWith(`${service}.`))?.id ?? '';
      const names = new Map(all.services.map(({ id, host }) => [id, host.split('.')[0]]));
      const edges = `edges(of: "${idOf('cart')}") { from to verdict rehearsal ports services policies { name } }`;
      const told = (await ofGns('small', { edges })).edges ?? [];
      expect(
        told.map((one) => [names.get(one.from), names.get(one.to), one.verdict, one.rehearsal, one.policies[0]?.name]),
      ).toEqual([
        ['front', 'cart', 'ALLOWED', 'ALLOWED', 'front'],
        ['cart', 'front', 'DENIED_BY_DEFAULT', 'DENIED_BY_DEFAULT', 'front'],
        ['pay', 'cart', 'DENIED_BY_DEFAULT', 'DENIED_BY_DEFAULT', 'front'],
        ['cart', 'pay', 'DENIED_BY_DEFAULT', 'DENIED_BY_DEFAULT', 'front'],
      ]);
      expect((await ofGns('small', { edges: 'edges(of: "none") { from }' })).edges).toEqual([]);
    });

    it('name no policy that is not the viewer’s to read', async () => {
      const { services } = await ofGns('small');
      const edges = `edges(of: "${services[0]?.id ?? ''}") { from to verdict rehearsal ports services policies { name } }`;
      const told = await ofGns('small', { edges, grant: 'Viewer@GLOBAL_NAMESPACE:shops/small' });
      expect(told.edges?.flatMap(({ policies }) => policies.map(({ name }) => name))).not.toContain('front');
    });

    it.each([
      ['(filter: { text: "PAY" })', ['pay']],
      ['(filter: { cluster: "west" })', ['cart', 'pay']],
      ['(filter: { namespace: "vault" })', ['pay']],
      ['(filter: { cluster: "east", namespace: "vault" })', []],
      ['(filter: { serviceGroup: "none" })', []],
    ])('hold what %s leaves', async (args, hosts) => {
      const { services, totalServices, matchingServices } = await ofGns('small', { args });
      expect([services.map(({ host }) => host.split('.')[0]), totalServices, matchingServices]).toEqual([
        hosts,
        3,
        hosts.length,
      ]);
    });
  });

  describe('of a thousand services', () => {
    it('tell them by clusters with counts, and those of an expanded one by themselves, two hundred at most', async () => {
      const { services, groups, matchingServices } = await ofGns('large');
      expect([services, matchingServices]).toEqual([[], 1000]);
      expect(groups.map(({ id, name, services: count }) => [id, name, count])).toEqual([
        ['group/east', 'east', 1000],
        ['group/west', 'west', 250],
      ]);
      const opened = await ofGns('large', { args: '(expand: ["group/west", "group/none"])' });
      expect(opened.services).toHaveLength(200);
      expect(opened.groups.map(({ id, services: count }) => [id, count])).toEqual([
        ['group/east', 800],
        ['group/west', 50],
      ]);
    });

    it('are told by themselves where filters leave two hundred, and by groups where they leave more', async () => {
      expect((await ofGns('large', { args: '(filter: { text: "s00" })' })).services).toHaveLength(100);
      expect((await ofGns('large', { args: '(filter: { cluster: "west", text: "s0" })' })).services).toHaveLength(0);
    });

    it('put the smallest of more than two hundred namespaces together', async () => {
      const { groups } = await ofGns('large', { args: '(groupBy: NAMESPACE)' });
      expect(groups).toHaveLength(200);
      expect(groups.reduce((sum, group) => sum + group.services, 0)).toBe(1000);
      expect(groups.filter(({ rest }) => rest)).toMatchObject([{ id: 'rest', name: null }]);
    });

    it('put those together of which no version is known', async () => {
      expect((await ofGns('large', { args: '(groupBy: VERSION)' })).groups).toMatchObject([
        { id: 'group/', name: null, rest: false, services: 1000 },
      ]);
    });

    it('sum up what becomes of calls to and from groups', async () => {
      const args = '(expand: ["group/west"])';
      const { services } = await ofGns('large', { args });
      const edges = `edges(of: "${services[0]?.id ?? ''}") { from to verdict services policies { name } }`;
      const told = (await ofGns('large', { args, edges })).edges ?? [];
      const summed = told.filter(({ services: count }) => count > 1);
      expect(
        summed.map(({ from, to, verdict, services: count }) =>
          [from, to, verdict, count].join(' ').replace(services[0]?.id ?? '', 'it'),
        ),
      ).toEqual([
        'group/east it ALLOWED_BY_DEFAULT 800',
        'it group/east ALLOWED_BY_DEFAULT 800',
        'group/west it ALLOWED_BY_DEFAULT 50',
        'it group/west ALLOWED_BY_DEFAULT 50',
      ]);
    });
  });

  describe('cost', () => {
    const text = (name: string) => `{ globalNamespace(name: "${name}", project: "shops") { topology { ${WHOLE} } } }`;

    it('a few statements, however many services there are: by levels of the tree first, and none of it the second time', async () => {
      await operations.close();
      operations = await startOperations(store, buildSchema());
      const few = await count.of(() => ask(text('small')));
      const lots = await count.of(() => ask(text('large')));
      // A thousand services have 3,252 entries and units, and a statement takes a thousand of them.
      expect(few).toBeGreaterThan(4);
      expect(few).toBeLessThanOrEqual(14);
      expect(lots).toBeLessThanOrEqual(few + 4);
      expect(await count.of(() => ask(text('large')))).toBeLessThanOrEqual(few - 4);
    });

    it('no more for a cluster of several global namespaces than for one', async () => {
      await operations.close();
      operations = await startOperations(store, buildSchema());
      const cluster = `{ cluster(name: "west") { topology { ${WHOLE} } } }`;
      expect(await count.of(() => ask(cluster))).toBeLessThanOrEqual(20);
    });
  });

  describe('of a cluster', () => {
    const text = `{ cluster(name: "east") { topology(filter: { text: "global" }) { ${WHOLE} } } }`;

    it('hold what runs there of all global namespaces that one may read, and nothing of others', async () => {
      const all = (await ask(text))['cluster']?.topology;
      expect([all?.totalServices, all?.matchingServices]).toEqual([1003, 1003]);
      const some = await ask(
        `{ cluster(name: "east") { topology { totalServices namespaces } } }`,
        'Viewer@PROJECT:hush',
      );
      expect(JSON.stringify(some)).not.toMatch(/small|large|n0/);
    });
  });
});
