import { objectKey } from '@isthmus/domain';
import type { KubeObject } from '@isthmus/domain';
import type { RenderedObject } from '@isthmus/meshes';
import { manualClock } from '@isthmus/platform';
import type { ManualClock } from '@isthmus/platform';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { LEAD_MS, named, World } from './agent-world.fixture.js';
import type { RenderWish } from './desired.js';
import { createLeads } from './leads.js';
import type { LeadRound } from './leads.js';
import { deadRoutes, namedSubsets, reachableSubsets } from './routed-host.fixture.js';
import type { Wanted } from './routed-host.fixture.js';

describe('routes that name something anew', () => {
  let clock: ManualClock;
  let east: World;
  beforeEach(() => {
    clock = manualClock();
    east = new World('east', clock, LEAD_MS);
  });

  const routes = (): KubeObject | undefined => east.objects.find(({ kind }) => kind === 'VirtualService');

  it('are written once it has stood for its time, to the millisecond', async () => {
    await east.settle(named());
    expect((await east.round(named(['v2']))).wakeInMs).toBe(LEAD_MS);
    expect([east.subsets().length, namedSubsets(east.objects)]).toEqual([1, []]);
    clock.advance(LEAD_MS - 1);
    expect((await east.round(named(['v2']))).wakeInMs).toBe(1);
    expect(namedSubsets(east.objects)).toEqual([]);
    clock.advance(1);
    expect((await east.round(named(['v2']))).wakeInMs).toBeUndefined();
    expect(east.holds(named(['v2']))).toBe(true);
  });

  it('are not in place until then, which is no failure', async () => {
    await east.settle(named());
    const { results, settled } = await east.round(named(['v2']));
    expect(results).toMatchObject([{ waiting: true, failed: false, issues: [], held: [] }]);
    expect([...settled.keys()].some((key) => key.includes('VirtualService'))).toBe(false);
    clock.advance(LEAD_MS);
    expect((await east.round(named(['v2']))).results).toMatchObject([{ waiting: false, failed: false }]);
  });

  it('wait anew when the agent was killed in between', async () => {
    await east.settle(named());
    await east.round(named(['v2']));
    clock.advance(LEAD_MS);
    east.restart();
    expect((await east.round(named(['v2']))).wakeInMs).toBe(LEAD_MS);
    expect(namedSubsets(east.objects)).toEqual([]);
    await east.settle(named(['v2']));
    expect(east.holds(named(['v2']))).toBe(true);
  });

  it('wait as long as it could not be written, and then for its time', async () => {
    await east.settle(named());
    east.cluster.onWrite = (write) => !write.includes('DestinationRule');
    for (let minute = 0; minute < 3; minute += 1) {
      const { wakeInMs, results } = await east.round(named(['v2']));
      expect([wakeInMs, results[0]?.failed]).toEqual([undefined, true]);
      clock.advance(60_000);
    }
    expect(namedSubsets(east.objects)).toEqual([]);
    east.cluster.onWrite = () => true;
    expect((await east.round(named(['v2']))).wakeInMs).toBe(LEAD_MS);
  });

  it('wait for the last of what they name', async () => {
    await east.settle(named());
    await east.round(named(['v2']));
    clock.advance(LEAD_MS - 1);
    expect((await east.round(named(['v2'], ['v3']))).wakeInMs).toBe(LEAD_MS);
    clock.advance(LEAD_MS - 1);
    expect((await east.round(named(['v2'], ['v3']))).wakeInMs).toBe(1);
    expect(namedSubsets(east.objects)).toEqual([]);
  });

  it('do not wait when they name nothing new, with memory or without', async () => {
    await east.settle(named(['v2'], ['v3']));
    const wishes = [named(['v3'], ['v2']), named(['v2']), named(['v2'], ['v2'])];
    for (const [index, wanted] of wishes.entries()) {
      if (index > 0) east.restart();
      const { results } = await east.round(wanted);
      expect(results).toMatchObject([{ waiting: false, failed: false }]);
    }
  });

  it('do not wait when somebody took away what had stood, but do when nobody remembers', async () => {
    await east.settle(named());
    await east.settle(named(['v2']));
    for (const again of [() => east.forget(), () => east.restart()]) {
      const gone = routes();
      if (gone !== undefined) east.cluster.objects.delete(objectKey(gone));
      again();
      await east.round(named(['v2']));
      expect(routes() === undefined).toBe(again.toString().includes('restart'));
    }
    await east.settle(named(['v2']));
    expect(east.holds(named(['v2']))).toBe(true);
  });

  it('are not told as healed while they are not', async () => {
    await east.settle(named());
    await east.settle(named(['v2']));
    const gone = routes();
    if (gone !== undefined) east.cluster.objects.delete(objectKey(gone));
    east.restart();
    expect((await east.round(named(['v2']))).results[0]?.issues).toEqual([]);
    clock.advance(LEAD_MS);
    expect((await east.round(named(['v2']))).results[0]?.issues.map(({ code }) => code)).toEqual(['ISM0433']);
  });

  it('do not wait for a host that is new as a whole, nor in an agent that is told not to', async () => {
    await east.round(named(['v2']));
    expect(namedSubsets(east.objects)).toHaveLength(1);
    const hasty = new World('east', clock, 0);
    await hasty.settle(named());
    await hasty.round(named(['v2']));
    expect(namedSubsets(hasty.objects)).toHaveLength(1);
  });

  it('keep the old ones from being forgotten: what these name stays until its time after the new ones', async () => {
    await east.settle(named(['v2']));
    await east.round(named(['v3']));
    expect([east.subsets().length, namedSubsets(east.objects).length]).toEqual([2, 1]);
    expect(deadRoutes(east.objects, ['v1'])).toEqual([]);
    await east.settle(named(['v3']));
    expect(east.subsets()).toHaveLength(1);
  });

  const destination = fc.constantFrom('v1', 'v2', 'v3', '@west', '@east', 'v2@west', 'v1@east');
  const step = fc.record({
    wanted: fc.record({ rules: fc.array(fc.array(destination, { minLength: 1, maxLength: 2 }), { maxLength: 3 }) }),
    deaths: fc.array(fc.tuple(fc.nat(7), fc.constantFrom(0, 1, LEAD_MS - 1, LEAD_MS)), { maxLength: 4 }),
    pause: fc.constantFrom(0, LEAD_MS - 1, LEAD_MS),
  });

  /** Tells of names that live routes begin with before they have been reachable for the time, at whatever moment it is asked. */
  function watcher(world: World): () => void {
    let since = new Map<string, number>();
    let named = new Set<string>();
    return () => {
      const now = clock.monotonicMs();
      since = new Map(reachableSubsets(world.objects, ['v1']).map((name) => [name, since.get(name) ?? now]));
      const names = namedSubsets(world.objects);
      const early = names.filter((name) => !named.has(name) && !((since.get(name) ?? now) <= now - LEAD_MS));
      expect(early).toEqual([]);
      named = new Set(names);
    };
  }

  it(
    'never come before its time, whatever follows what and whenever the agent is killed',
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
          clock = manualClock();
          east = new World('east', clock, LEAD_MS);
          await east.settle(named());
          const check = watcher(east);
          for (const { wanted, deaths, pause } of steps) {
            for (const [writes, away] of [...deaths, [Number.POSITIVE_INFINITY, pause] as const]) {
              east.dieAfter(writes, check);
              await east.round(wanted).catch(() => east.restart());
              check();
              clock.advance(away);
              check();
            }
          }
          east.cluster.onWrite = () => (check(), true);
          const last: Wanted = steps.at(-1)?.wanted ?? named();
          await east.settle(last);
          check();
          expect(east.holds(last)).toBe(true);
          expect([...east.issues]).toEqual([]);
        }),
        { numRuns: 100 },
      );
    },
  );
});

describe('what waits of a round', () => {
  const clock = manualClock();
  const rendered = (kind: string, name: string, more: Partial<RenderedObject> & { spec: object }): RenderedObject => {
    const { spec, ...parts } = more;
    const metadata = { name, namespace: 'n' };
    return {
      ...{ side: 'client', order: 20, object: { apiVersion: 'networking.istio.io/v1', kind, metadata, spec } },
      ...parts,
    };
  };
  const http = (host: string, subset?: string): object => ({
    http: [{ route: [{ destination: { host, ...(subset && { subset }) } }] }],
  });
  const routesOf = (host: string, subset?: string): RenderedObject =>
    rendered('VirtualService', host, { host, spec: { hosts: [host], ...http(host, subset) } });
  const entryOf = (host: string): RenderedObject =>
    rendered('ServiceEntry', host, { host, orderOnceKnown: 15, spec: { hosts: [host] } });
  const isPublic = (to: string, subset?: string): RenderedObject =>
    rendered('VirtualService', 'public', { spec: { hosts: ['shop.example'], ...http(to, subset) } });

  /** A round in which all is to be written; `standing` stands otherwise, and `known` is in the record. */
  const round = (
    objects: readonly RenderedObject[],
    { standing = [], known = [] }: { standing?: readonly RenderedObject[]; known?: readonly RenderedObject[] },
  ): LeadRound & { wishes: RenderWish[] } => ({
    wishes: [{ gns: 'g', kind: 'render', objects, keepHosts: new Set(), planned: false }],
    standing: new Map(standing.map(({ object }) => [objectKey(object), object])),
    owned: known.map(({ object: { apiVersion, kind, metadata }, side, host, order }) => ({
      ...{ apiVersion, kind, ...metadata, gns: 'g', side, host, order, hash: 'h' },
    })),
    writes: new Set(objects.map(({ object }) => objectKey(object))),
  });
  const heldOf = (given: LeadRound): string[] =>
    [...createLeads(clock, LEAD_MS).hold(given)].map((key) => key.split('/').slice(2).join('/'));

  it('are routes of callers alone, and of one host only its own', () => {
    const [known, other] = [entryOf('a.test'), entryOf('b.test')];
    const unknown = [routesOf('c.test', 'v2'), entryOf('c.test')];
    const objects = [routesOf('a.test', 'v2'), routesOf('b.test'), known, other, ...unknown];
    expect(heldOf(round(objects, { known: [known, other] }))).toEqual(['VirtualService/n/a.test']);
    const owner = { ...routesOf('a.test', 'v2'), side: 'owner' as const };
    expect(heldOf(round([owner, known], { known: [known] }))).toEqual([]);
  });

  it('are not those of a host without an address there', () => {
    const objects = [routesOf('a.test', 'v2'), entryOf('a.test')];
    expect(heldOf(round(objects, {}))).toEqual([]);
    const elsewhere = rendered('ServiceEntry', 'a.test', { host: 'a.test', spec: {} });
    elsewhere.object.metadata.namespace = 'm';
    expect(heldOf(round(objects, { known: [elsewhere] }))).toEqual([]);
  });

  it('are those to another host, unless nothing stood at their place', () => {
    const objects = [isPublic('a.test'), entryOf('a.test')];
    expect(heldOf(round(objects, {}))).toEqual([]);
    expect(heldOf(round(objects, { standing: [isPublic('b.test')] }))).toEqual(['VirtualService/n/public']);
    expect(heldOf(round(objects, { standing: [isPublic('a.test')] }))).toEqual([]);
  });

  it('have times of their own, though others have named it for long', () => {
    const leads = createLeads(clock, LEAD_MS);
    const known = entryOf('a.test');
    const before = round([routesOf('a.test', 'v2'), isPublic('b.test'), known], { known: [known] });
    leads.hold(before);
    leads.settle(before.wishes, () => true);
    clock.advance(LEAD_MS);
    const after = round([routesOf('a.test', 'v2'), isPublic('a.test', 'v2'), known], {
      known: [known],
      standing: [isPublic('b.test')],
    });
    expect([...leads.hold(after)].map((key) => key.split('/').at(-1))).toEqual(['public']);
    expect(leads.settle(after.wishes, (key) => !key.includes('public'))).toBe(LEAD_MS);
  });

  it('begin their time only when every way there stands', () => {
    const leads = createLeads(clock, LEAD_MS);
    const known = entryOf('a.test');
    const given = round([routesOf('a.test', 'v2'), known, entryOf('b.test')], { known: [known] });
    leads.hold(given);
    expect(leads.settle(given.wishes, (key) => !key.includes('ServiceEntry/n/a.test'))).toBeUndefined();
    expect(leads.settle(given.wishes, (key) => !key.includes('ServiceEntry/n/b.test'))).toBe(LEAD_MS);
  });
});
