import { objectKey } from '@isthmus/domain';
import { manualClock } from '@isthmus/platform';
import type { ManualClock } from '@isthmus/platform';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { LEAD_MS, LINGER_MS, named, World } from './agent-world.fixture.js';
import { deadRoutes, namedSubsets, renderedIn, unknownAtOwner } from './routed-host.fixture.js';
import type { Wanted } from './routed-host.fixture.js';

const short = (write: string): string =>
  write.replace('networking.istio.io/v1/', '').replaceAll(/-?[0-9a-f]{8}-?/g, '');

describe('what routes name', () => {
  let clock: ManualClock;
  let east: World;
  let west: World;
  beforeEach(() => {
    clock = manualClock();
    east = new World('east', clock);
    west = new World('west', clock);
  });

  it('stays while the routes that named it could not be replaced, however long that is', async () => {
    await east.round(named(['v2']));
    east.cluster.onWrite = (write) => !write.includes('VirtualService');
    for (let minute = 0; minute < 5; minute += 1) {
      expect((await east.round(named())).wakeInMs).toBeUndefined();
      clock.advance(60_000);
    }
    expect(east.subsets()).toHaveLength(1);
    expect(deadRoutes(east.objects, ['v1'])).toEqual([]);
  });

  it('stays for its time after they were replaced, to the millisecond, and then goes', async () => {
    await east.round(named(['v2'], ['v3']));
    expect((await east.round(named(['v3']))).wakeInMs).toBe(LINGER_MS);
    expect(namedSubsets(east.objects)).toHaveLength(1);
    clock.advance(LINGER_MS - 1);
    expect((await east.round(named(['v3']))).wakeInMs).toBe(1);
    expect(east.subsets()).toHaveLength(2);
    clock.advance(1);
    expect((await east.round(named(['v3']))).wakeInMs).toBeUndefined();
    expect(east.subsets()).toHaveLength(1);
    expect(east.holds(named(['v3']))).toBe(true);
  });

  it('is no drift, no failure and nothing to write again, with memory or without', async () => {
    await east.round(named(['v2']));
    await east.round(named());
    east.writes.length = 0;
    for (const again of [() => undefined, () => east.forget(), () => east.restart()]) {
      again();
      const { results } = await east.round(named());
      expect(results.map(({ failed, issues, held }) => [failed, issues, held])).toEqual([[false, [], []]]);
    }
    expect(east.writes).toEqual([]);
  });

  it('is put back when somebody takes it away meanwhile', async () => {
    await east.round(named(['v2']));
    await east.round(named());
    const rule = renderedIn('east', named()).find(({ object }) => object.kind === 'DestinationRule')?.object;
    if (rule !== undefined) east.cluster.objects.set(objectKey(rule), { ...rule, spec: {} });
    await east.round(named());
    expect(east.subsets()).toHaveLength(1);
  });

  it('waits anew after a restart, and has no time of its own for what is named again', async () => {
    await east.round(named(['v2']));
    await east.round(named());
    clock.advance(LINGER_MS - 1);
    east.restart();
    expect((await east.round(named())).wakeInMs).toBe(LINGER_MS);
    expect((await east.round(named(['v2']))).wakeInMs).toBeUndefined();
    clock.advance(LINGER_MS);
    expect((await east.round(named())).wakeInMs).toBe(LINGER_MS);
    expect(east.subsets()).toHaveLength(1);
  });

  it('is there before its routes, and what led to the old ones after them', async () => {
    await east.settle(named(['v2']));
    east.writes.length = 0;
    await east.settle(named(['v3']));
    expect(east.writes.filter((write) => write !== 'record').map(short)).toEqual([
      'apply DestinationRule/bookinfo/reviews-bookinfo-global',
      'apply ServiceEntry/bookinfo/reviews-bookinfo-global-remote',
      'apply VirtualService/bookinfo/reviews-bookinfo-global',
      'apply DestinationRule/bookinfo/reviews-bookinfo-global',
      'apply ServiceEntry/bookinfo/reviews-bookinfo-global-remote',
    ]);
  });

  it('comes before the address of a host that is new', async () => {
    await east.round(named(['v2']));
    const kinds = east.writes.filter((write) => write.includes('bookinfo/reviews')).map((write) => write.split('/')[2]);
    expect(kinds.slice(-3)).toEqual(['VirtualService', 'ServiceEntry', 'ServiceEntry']);
  });

  it('is kept by owners for callers that have not heard yet, and goes at once with the host or when all is left', async () => {
    const versions = (): number => west.objects.filter(({ metadata }) => metadata.name.includes('version')).length;
    await west.round(named(['v2'], ['v3']));
    expect(versions()).toBe(2);
    expect((await west.round(named(['v3']))).wakeInMs).toBe(LINGER_MS);
    expect(versions()).toBe(2);
    clock.advance(LINGER_MS);
    await west.round(named(['v3']));
    expect(versions()).toBe(1);
    await west.round(undefined, { planned: true });
    expect(west.objects).toEqual([]);
  });

  it('is judged by the gate once its time is over, and is shown as held from then on', async () => {
    const versions = { west: ['v1', 'v2', 'v3', 'v4', 'v5', 'v6'] };
    await west.round({ rules: versions.west.map((version) => [version]), versions });
    const held = async (): Promise<number | undefined> =>
      (await west.round({ rules: [], versions })).results[0]?.held.length;
    expect(await held()).toBe(0);
    clock.advance(LINGER_MS);
    expect([await held(), await held()]).toEqual([6, 6]);
    expect(west.objects.filter(({ metadata }) => metadata.name.includes('version'))).toHaveLength(6);
  });

  it('does not keep a version that its owner has no more', async () => {
    await east.round({ ...named(['v2']), versions: { east: ['v1', 'v2'] } });
    await east.round({ ...named(['v2']), versions: { east: ['v1', 'v2'], west: ['v1'] } });
    const entry = east.objects.find(({ metadata }) => metadata.name.endsWith('remote'));
    expect(JSON.stringify(entry)).not.toContain('"version"');
  });

  it('keeps a port of the gateway for proxies that dial it', async () => {
    await west.round({ rules: [], gatewayPorts: [15_443, 15_444] });
    await east.round({ rules: [], gatewayPorts: [15_443, 15_444] });
    await west.round({ rules: [], gatewayPorts: [15_444] });
    expect(unknownAtOwner(east.objects, west.objects, '10.0.0.2')).toEqual([]);
    await east.settle({ rules: [], gatewayPorts: [15_444] });
    await west.settle({ rules: [], gatewayPorts: [15_444] });
    expect(west.holds({ rules: [], gatewayPorts: [15_444] })).toBe(true);
    expect(unknownAtOwner(east.objects, west.objects, '10.0.0.2')).toEqual([]);
  });

  const destination = fc.constantFrom('v1', 'v2', 'v3', '@west', '@east', 'v2@west', 'v1@east', 'v3@west');
  const wanted: fc.Arbitrary<Wanted> = fc.record({
    rules: fc.array(fc.array(destination, { minLength: 1, maxLength: 2 }), { maxLength: 3 }),
  });
  const step = fc.record({
    wanted,
    deaths: fc.array(fc.tuple(fc.nat(9), fc.constantFrom('drift', 'settled')), { maxLength: 3 }),
    pause: fc.constantFrom(0, 1000, LINGER_MS),
  });

  /** One agent after the other follows, owners first; each may die at a write several times, and all are done before the time is over. */
  async function follow(
    world: World,
    { wanted, deaths }: { wanted: Wanted; deaths: [number, string][] },
    check: () => void,
  ): Promise<void> {
    for (const [writes, memory] of [...deaths, [Number.POSITIVE_INFINITY, ''] as const]) {
      world.dieAfter(writes, check);
      if (memory === 'drift') world.forget();
      const result = await world.round(wanted).catch(() => world.restart());
      clock.advance(100);
      check();
      if (result?.wakeInMs === undefined || result.wakeInMs > LEAD_MS) continue;
      clock.advance(result.wakeInMs);
      await world.round(wanted).catch(() => world.restart());
      check();
    }
  }

  it(
    'is there at every moment, whatever follows what and whenever agents are killed',
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
          clock = manualClock();
          east = new World('east', clock, LEAD_MS);
          west = new World('west', clock, LEAD_MS);
          for (const world of [east, west]) world.letEverythingGo();
          await west.settle(named());
          await east.settle(named());
          const check = (): void => {
            expect(deadRoutes(east.objects, ['v1'])).toEqual([]);
            expect(deadRoutes(west.objects, ['v1', 'v2', 'v3'])).toEqual([]);
            expect(unknownAtOwner(east.objects, west.objects, '10.0.0.2')).toEqual([]);
          };
          for (const one of steps) {
            await follow(west, one, check);
            await follow(east, one, check);
            clock.advance(one.pause);
          }
          const last = steps.at(-1)?.wanted ?? named();
          for (const world of [east, west]) {
            world.cluster.onWrite = () => true;
            await world.settle(last);
            expect(world.holds(last)).toBe(true);
          }
          expect([...east.issues, ...west.issues]).toEqual([]);
        }),
        { numRuns: 60 },
      );
    },
  );
});
