import type { KubeObject } from '@isthmus/domain';
import { manualClock } from '@isthmus/platform';
import type { ManualClock } from '@isthmus/platform';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { LEAD_MS, named, World } from './agent-world.fixture.js';
import type { Wanted } from './routed-host.fixture.js';

/** What callers know the host by. */
const entriesOf = (world: World): KubeObject[] =>
  world.objects.filter(({ kind, metadata }) => kind === 'ServiceEntry' && metadata.namespace === 'bookinfo');
const addresses = (world: World): number =>
  entriesOf(world).filter(({ spec }) => (spec as { addresses?: unknown }).addresses !== undefined).length;

describe('a host that is new as a whole', () => {
  let clock: ManualClock;
  let east: World;
  beforeEach(() => {
    clock = manualClock();
    east = new World('east', clock, LEAD_MS);
  });

  it('resolves once everything else of it has stood for its time, to the millisecond', async () => {
    expect((await east.round(named(['v2']))).wakeInMs).toBe(LEAD_MS);
    expect([entriesOf(east).length > 1, addresses(east)]).toEqual([true, 0]);
    clock.advance(LEAD_MS - 1);
    expect((await east.round(named(['v2']))).wakeInMs).toBe(1);
    expect(addresses(east)).toBe(0);
    clock.advance(1);
    expect((await east.round(named(['v2']))).wakeInMs).toBeUndefined();
    expect(east.holds(named(['v2']))).toBe(true);
  });

  it('is not in place until then, which is no failure', async () => {
    expect((await east.round(named())).results).toMatchObject([{ waiting: true, failed: false, issues: [] }]);
    clock.advance(LEAD_MS);
    expect((await east.round(named())).results).toMatchObject([{ waiting: false, failed: false, issues: [] }]);
  });

  it('waits anew when the agent was killed in between', async () => {
    await east.round(named());
    clock.advance(LEAD_MS);
    east.restart();
    expect([(await east.round(named())).wakeInMs, addresses(east)]).toEqual([LEAD_MS, 0]);
    clock.advance(LEAD_MS);
    await east.round(named());
    expect([east.holds(named()), [...east.issues]]).toEqual([true, []]);
  });

  it('waits for what could not be written, and then for its time', async () => {
    east.cluster.onWrite = (write) => !write.includes('DestinationRule');
    for (let minute = 0; minute < 3; minute += 1) {
      const { wakeInMs, results } = await east.round(named());
      expect([wakeInMs, results[0]?.failed, addresses(east)]).toEqual([undefined, true, 0]);
      clock.advance(60_000);
    }
    east.cluster.onWrite = () => true;
    expect((await east.round(named())).wakeInMs).toBe(LEAD_MS);
  });

  it('does not wait in an agent that is told not to', async () => {
    const hasty = new World('east', clock, 0);
    expect((await hasty.round(named())).wakeInMs).toBeUndefined();
    expect(hasty.holds(named())).toBe(true);
  });

  it('keeps its address from then on: changes, an agent that begins anew, a record that was lost', async () => {
    await east.settle(named());
    const known = addresses(east);
    const changes: (() => unknown)[] = [
      () => east.round({ rules: [], gatewayPorts: [15_444] }),
      () => (east.restart(), east.round({ rules: [], gatewayPorts: [15_445] })),
      () => (east.restart(), east.cluster.saveRecord({ fences: [], owned: [] })),
      () => east.round({ rules: [] }),
    ];
    for (const change of changes) {
      await change();
      expect(addresses(east)).toBe(known);
    }
  });

  it('is put back with its address at once when somebody took it away', async () => {
    await east.settle(named());
    const known = addresses(east);
    for (const again of [() => east.forget(), () => east.restart()]) {
      for (const [key, object] of east.cluster.objects)
        if (object.kind === 'ServiceEntry') east.cluster.objects.delete(key);
      again();
      await east.round(named());
      expect(addresses(east)).toBe(known);
    }
  });

  const wanted = fc.constantFrom<Wanted | undefined>(undefined, named(), named(['v2']), { rules: [], port: 81 });
  const step = fc.record({
    wanted,
    deaths: fc.array(fc.tuple(fc.nat(9), fc.constantFrom(0, 1, LEAD_MS - 1, LEAD_MS)), { maxLength: 4 }),
    pause: fc.constantFrom(0, LEAD_MS - 1, LEAD_MS),
  });

  /** Tells of addresses that come where none was before the rest of the host has stood for the time. */
  function watcher(world: World): () => void {
    let first: number | undefined;
    let before = 0;
    return () => {
      const now = clock.monotonicMs();
      const routed = world.objects.some(({ kind }) => kind === 'DestinationRule') && entriesOf(world).length > 0;
      first = routed ? (first ?? now) : undefined;
      const count = addresses(world);
      if (before === 0 && count > 0) expect(first ?? now).toBeLessThanOrEqual(now - LEAD_MS);
      before = count;
    };
  }

  it('never resolves early, whatever is wanted one after the other and whenever the agent dies', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        clock = manualClock();
        const world = new World('east', clock, LEAD_MS);
        world.letEverythingGo();
        const look = watcher(world);
        for (const { wanted: wish, deaths, pause } of steps) {
          for (const [writes, passed] of deaths) {
            world.dieAfter(writes, look);
            await world.round(wish).catch(() => undefined);
            look();
            world.restart();
            clock.advance(passed);
          }
          world.dieAfter(1000, look);
          await world.round(wish);
          look();
          clock.advance(pause);
        }
        const last = steps.at(-1)?.wanted;
        if (last === undefined) return;
        await world.settle(last);
        look();
        expect(world.holds(last)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
