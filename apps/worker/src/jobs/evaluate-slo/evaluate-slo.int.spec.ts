import { manualClock, silentLogger } from '@isthmus/platform';
import { readStoredReport, unpackTrack, type StoredReport } from '@isthmus/slo';
import type { Store, TenantTx } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ORG, World } from '../../world.fixture.js';
import { evaluateObjective } from './evaluate-objective.js';
import { evaluateSlos } from './evaluate-slo.js';
import { objectivesOf } from './objectives.js';
import { rollUpSignals } from './roll-up-signals.js';

const postgres = await testPostgres();
const HOUR = 3_600;

postgres.suite('evaluating objectives', () => {
  let store: Store;
  let world: World;
  let gns = '';
  let count = 0;
  const clock = manualClock();
  const tenant = <T>(fn: (tx: TenantTx) => Promise<T>) => store.withTenant(ORG, fn);
  const evaluate = () => evaluateSlos({ store, log: silentLogger() }, ORG);
  const thisMinute = () => Math.floor(Date.now() / 60_000) * 60;

  beforeAll(async () => {
    ({ store } = await postgres.freshStore({ clock }));
    world = new World(store);
    await world.cluster('east');
    await world.cluster('west');
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    count += 1;
    gns = await world.gns(`shop${count}`);
    await members('east', 'cart');
  });

  const members = (cluster: string, service: string) =>
    tenant((tx) =>
      tx.members.apply(gns, [
        {
          host: `${service}.shop${count}.global`,
          cluster,
          namespace: `shop${count}`,
          service,
          expectedVersion: 0,
          next: 'served',
          enteredSeq: 1,
        },
      ]),
    );
  const policy = (spec: object = {}, name = `slo${count}`) =>
    world.put('SloPolicy', name, {
      spec: {
        targets: [{ globalNamespace: `shop${count}` }],
        indicator: { type: 'AVAILABILITY' },
        objective: '0.99',
        timeWindow: { duration: '1h', isRolling: true },
        ...spec,
      },
    });
  interface Said {
    back: number;
    total: number;
    errors: number;
    service?: string;
    cluster?: string;
    simulated?: true;
    durations?: { bounds: number[]; counts: number[] };
  }
  const say = async ({ back, total, errors, service = 'cart', cluster = 'east', simulated, durations }: Said) => {
    const sample = { host: `${service}.shop${count}.global`, total, errors, ...durations };
    const body = { samples: [sample], ...(simulated === true ? { simulated } : {}) };
    const minute = new Date((thisMinute() - back * 60) * 1000);
    const outcome = await tenant((tx) =>
      tx.signals.write({ cluster: world.uid(cluster), session: 1 }, [{ gns, minute, body }]),
    );
    expect(outcome).toBe('written');
  };
  const reports = async (): Promise<Record<string, StoredReport>> => {
    const rows = await tenant((tx) => tx.sloStates.reports({ gns: [gns] }));
    return Object.fromEntries(
      rows.map(({ host, report }) => {
        const read = readStoredReport(report);
        if (read === undefined) throw new Error(`the report of ${host} cannot be read`);
        return [host, read];
      }),
    );
  };
  const cart = () => `cart.shop${count}.global`;

  describe('without measurements', () => {
    it('has no data, and is never met', async () => {
      await policy();
      await evaluate();
      const { '': all, [cart()]: one } = await reports();
      expect(all).toMatchObject({ status: 'NO_DATA', total: 0, clusters: [{ cluster: world.uid('east') }] });
      expect(one).toEqual(all);
      expect(one).not.toHaveProperty('attainment');
    });

    it('has no data on a service that no cluster has, and none at all on a global namespace that does not exist', async () => {
      await policy({ targets: [{ globalNamespace: `shop${count}`, service: 'ghost' }] });
      await policy({ targets: [{ globalNamespace: 'nowhere' }] }, `none${count}`);
      await evaluate();
      const all = await reports();
      expect(Object.keys(all).sort()).toEqual(['', `ghost.shop${count}.global`]);
      expect(all['']).toMatchObject({ status: 'NO_DATA', clusters: [] });
    });

    it('takes no latency from samples without durations', async () => {
      await policy({ indicator: { type: 'LATENCY', thresholdMs: 100 } });
      await say({ back: 2, total: 10, errors: 0 });
      await evaluate();
      expect((await reports())[cart()]).toMatchObject({
        status: 'NO_DATA',
        clusters: [{ cluster: world.uid('east') }],
      });
    });
  });

  describe('with measurements', () => {
    it('counts clusters and hosts together, each minute once, however often it is evaluated', async () => {
      await policy();
      await members('west', 'cart');
      await members('east', 'pay');
      await say({ back: 2, total: 100, errors: 1 });
      await say({ back: 2, total: 100, errors: 3, cluster: 'west' });
      await evaluate();
      await evaluate();
      const { '': all, [cart()]: one, [`pay.shop${count}.global`]: pay } = await reports();
      expect(one).toMatchObject({ status: 'BREACHED', good: 196, total: 200, attainment: 0.98 });
      expect(one?.budgetRemaining).toBeCloseTo(-1);
      expect(one?.burnRate1h).toBeCloseTo(2);
      expect(all).toMatchObject({ good: 196, total: 200 });
      expect(pay).toMatchObject({ status: 'NO_DATA' });
    });

    it('takes a late minute, and the newest word on one', async () => {
      await policy();
      await say({ back: 2, total: 10, errors: 0 });
      await evaluate();
      await say({ back: 9, total: 10, errors: 10 });
      await evaluate();
      expect((await reports())[cart()]).toMatchObject({ good: 10, total: 20 });
      await say({ back: 2, total: 30, errors: 0 });
      await evaluate();
      expect((await reports())[cart()]).toMatchObject({ good: 30, total: 40 });
    });

    it('counts requests that are slower than the threshold as bad', async () => {
      await policy({ indicator: { type: 'LATENCY', thresholdMs: 100 } });
      await say({ back: 2, total: 10, errors: 0, durations: { bounds: [25, 100], counts: [6, 3, 1] } });
      await evaluate();
      expect((await reports())[cart()]).toMatchObject({ status: 'BREACHED', good: 9, total: 10, uncertain: 0 });
    });

    it('marks all of it as simulated if any of it is', async () => {
      await policy();
      await say({ back: 30, total: 10, errors: 0, simulated: true });
      await say({ back: 2, total: 10, errors: 0 });
      await evaluate();
      expect((await reports())['']).toMatchObject({ simulated: true, total: 20 });
    });

    it('follows the objective at once, and builds the state anew for another window or target', async () => {
      await policy();
      await say({ back: 30, total: 100, errors: 1 });
      await say({ back: 100, total: 100, errors: 100 });
      await evaluate();
      expect((await reports())['']).toMatchObject({ status: 'MET', total: 100 });
      await policy({ objective: '0.999' });
      await evaluate();
      expect((await reports())['']).toMatchObject({ status: 'BREACHED', total: 100, objective: 0.999 });
      await policy({ timeWindow: { duration: '3h', isRolling: true } });
      await evaluate();
      expect((await reports())['']).toMatchObject({ status: 'BREACHED', good: 99, total: 200 });
    });

    it('forgets a policy that is gone', async () => {
      await policy();
      await evaluate();
      await world.remove('SloPolicy', `slo${count}`);
      await evaluate();
      expect(await reports()).toEqual({});
    });
  });

  describe('the state', () => {
    const objective = async () => {
      const records = await tenant((tx) => tx.resources.all(['GlobalNamespace', 'SloPolicy']));
      const found = objectivesOf(records).find((one) => one.gns === gns);
      if (found === undefined) throw new Error('there is an objective');
      return found;
    };
    const evaluateAt = async (now: number) => {
      const one = await objective();
      const uids = new Map(['east', 'west'].map((name) => [name, world.uid(name)]));
      await tenant(async (tx) => evaluateObjective(tx, one, { now, members: await tx.members.list(gns), uids }));
    };
    const rows = async () => tenant(async (tx) => tx.sloStates.states({ gns, slo: (await objective()).slo }));

    it('is the same after many steps as when it is built anew, with hours in place of old minutes too', async () => {
      await policy({ timeWindow: { duration: '7d', isRolling: true } });
      const start = thisMinute() - 60 * HOUR;
      // The two oldest are never in one hour, whatever the minute of this one.
      for (const back of [58 * 60, 56 * 60 + 30, 40 * 60, 90, 20, 3]) await say({ back, total: back, errors: 1 });
      for (let now = start; now <= thisMinute(); now += 6 * HOUR) await evaluateAt(now);
      await evaluateAt(thisMinute());
      const [stepped, before] = [await rows(), await reports()];
      expect(before['']).toMatchObject({ total: 58 * 60 + 56 * 60 + 30 + 40 * 60 + 90 + 20 + 3 });

      expect(await rollUpSignals({ store }, ORG)).toBeGreaterThanOrEqual(2);
      expect(await rollUpSignals({ store }, ORG)).toBe(0);
      await tenant(async (tx) => tx.sloStates.remove({ gns, slo: (await objective()).slo }));
      await evaluateAt(thisMinute());
      const [rebuilt, after] = [await rows(), await reports()];
      expect(after).toEqual(before);
      const slotsOf = (all: typeof stepped) => all.map(({ state }) => unpackTrack(state, 7 * 24 * HOUR)?.window.slots);
      expect(slotsOf(rebuilt)).toEqual(slotsOf(stepped));
    });

    it('that is malformed is built anew', async () => {
      await policy();
      await say({ back: 30, total: 5, errors: 0 });
      await evaluate();
      const [first] = await rows();
      const { slo } = await objective();
      if (first === undefined) throw new Error('there is a state');
      const broken = { host: '', report: {}, evaluatedAt: new Date(), state: { window: 'broken' } };
      await tenant((tx) =>
        tx.sloStates.write({ gns, slo, shape: first.shape, sealedUntil: first.sealedUntil }, [broken]),
      );
      await evaluate();
      expect((await reports())['']).toMatchObject({ total: 5 });
    });
  });
});
