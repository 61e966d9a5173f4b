import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPostgres } from '@isthmus/testing';
import type { Store, TenantTx } from '../index.js';

const postgres = await testPostgres();

postgres.suite('signals and objectives in Postgres', () => {
  let store: Store;
  let from = { cluster: 'east', session: 0 };
  const tenant = <T>(fn: (tx: TenantTx) => Promise<T>) => store.withTenant('default', fn);
  const at = (text: string) => new Date(`2026-01-01T${text}Z`);

  beforeAll(async () => {
    ({ store } = await postgres.freshStore());
    const hello = { gatewayId: 'gw', clusterUid: 'uid', agentVersion: '1', address: '192.0.2.1' };
    const outcome = await tenant((tx) => tx.sessions.connect({ cluster: 'east', ...hello }));
    if (outcome.outcome !== 'connected') throw new Error(outcome.outcome);
    from = { cluster: 'east', session: outcome.session };
  });
  afterAll(() => store.close());

  describe('signals', () => {
    it('that are sent again change nothing', async () => {
      const row = { gns: 'g1', minute: at('00:05:00'), body: { samples: [{ host: 'a', total: 1, errors: 0 }] } };
      const version = () => tenant((tx) => tx.signals.range('g1', at('00:00:00'), at('01:00:00')));
      await tenant((tx) => tx.signals.write(from, [row]));
      const before = await version();
      await tenant((tx) => tx.signals.write(from, [row]));
      expect(await version()).toEqual(before);
      expect(before).toHaveLength(1);
    });

    it('of an hour take the place of its minutes, and of no other', async () => {
      const rows = ['01:00:00', '01:59:00', '02:00:00'].map((time) => ({ gns: 'g2', minute: at(time), body: {} }));
      await tenant((tx) => tx.signals.write(from, rows));
      expect(await tenant((tx) => tx.signals.hoursWithMinutes(at('01:00:00'), 10))).not.toContainEqual({
        gns: 'g2',
        hour: at('01:00:00'),
      });
      expect(await tenant((tx) => tx.signals.hoursWithMinutes(at('01:00:01'), 10))).toContainEqual({
        gns: 'g2',
        hour: at('01:00:00'),
      });
      const of = { gns: 'g2', hour: at('01:00:00') };
      await tenant((tx) => tx.signals.rollUp(of, [{ cluster: 'east', body: { samples: [] } }]));
      const minutes = await tenant((tx) => tx.signals.range('g2', at('00:00:00'), at('03:00:00')));
      expect(minutes.map(({ minute }) => minute)).toEqual([at('02:00:00')]);
      expect(await tenant((tx) => tx.signals.hours('g2', at('01:00:00'), at('02:00:00')))).toEqual([
        { cluster: 'east', gns: 'g2', hour: at('01:00:00'), body: { samples: [] } },
      ]);
      expect(await tenant((tx) => tx.signals.hours('g2', at('02:00:00'), at('03:00:00')))).toEqual([]);
      expect(await tenant((tx) => tx.signals.pruneHours(at('01:00:00')))).toBe(0);
      expect(await tenant((tx) => tx.signals.pruneHours(at('01:00:01')))).toBe(1);
    });
  });

  describe('states of objectives', () => {
    const of = { gns: 'g1', slo: 's1' };
    const seal = { ...of, shape: 'v1', sealedUntil: at('01:00:00') };
    const row = (host: string, state?: unknown) => ({
      host,
      report: { of: host },
      evaluatedAt: at('02:00:00'),
      ...(state === undefined ? {} : { state }),
    });

    it('keep their state when only the report is new, and forget hosts that are gone', async () => {
      await tenant((tx) => tx.sloStates.write(seal, [row('', { a: 1 }), row('h1', { b: 2 }), row('h2', { c: 3 })]));
      await tenant((tx) =>
        tx.sloStates.write({ ...seal, sealedUntil: at('01:05:00') }, [row(''), row('h1', { b: 4 })]),
      );
      const states = await tenant((tx) => tx.sloStates.states(of));
      expect(states).toEqual([
        { ...of, host: '', shape: 'v1', sealedUntil: at('01:05:00'), state: { a: 1 } },
        { ...of, host: 'h1', shape: 'v1', sealedUntil: at('01:05:00'), state: { b: 4 } },
      ]);
    });

    it('are found by policy and by global namespace, and no longer once removed', async () => {
      await tenant((tx) => tx.sloStates.write({ ...seal, gns: 'g2' }, [row('', {})]));
      const report = { slo: 's1', report: { of: '' }, evaluatedAt: at('02:00:00'), host: '' };
      expect(await tenant((tx) => tx.sloStates.reports({ gns: ['g2'] }))).toEqual([{ ...report, gns: 'g2' }]);
      expect(await tenant((tx) => tx.sloStates.reports({ slo: ['s1'] }))).toHaveLength(3);
      const hosts = async (host: string) =>
        (await tenant((tx) => tx.sloStates.reports({ host }))).map(({ gns }) => gns);
      expect([await hosts(''), await hosts('h1'), await hosts('none')]).toMatchObject([
        { length: 2 },
        { length: 1 },
        [],
      ]);
      expect(await tenant((tx) => tx.sloStates.list())).toEqual([of, { gns: 'g2', slo: 's1' }]);
      await tenant((tx) => tx.sloStates.remove(of));
      expect(await tenant((tx) => tx.sloStates.list())).toEqual([{ gns: 'g2', slo: 's1' }]);
    });
  });
});
