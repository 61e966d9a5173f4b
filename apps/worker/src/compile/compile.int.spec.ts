import type { Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ORG, World, shop } from '../world.fixture.js';
import { Compiler } from './compile.js';

const postgres = await testPostgres();

const CLUSTERS = ['east', 'west'] as const;

/** One thing that happens between two compiles, and who compiles then. */
const stepArb = fc.record({
  compiler: fc.constantFrom(0, 1),
  cluster: fc.constantFrom(...CLUSTERS),
  services: fc.subarray(['cart', 'pay', 'web', 'mail']),
  readable: fc.integer({ min: 0, max: 4 }).map((value) => value > 0),
  acknowledged: fc.subarray([...CLUSTERS]),
});

postgres.suite('compiles that remember', () => {
  let store: Store;
  let world: World;
  let history = 0;

  beforeAll(async () => {
    ({ store } = await postgres.freshStore());
    world = new World(store);
    for (const name of CLUSTERS) await world.cluster(name);
  });
  afterAll(() => store.close());

  const compilerOf = (): Compiler => new Compiler(store, world.signer);

  describe('beside each other, over any history', () => {
    it('leave nothing to do for one that remembers nothing', { timeout: 120_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(stepArb, { minLength: 2, maxLength: 8 }), async (steps) => {
          history += 1;
          const namespace = `team-${history}`;
          const gns = `history-${history}`;
          await world.gns(gns, { members: [{ namespaces: { names: [namespace] } }] });
          const key = { org: ORG, gns: world.uid(gns) };
          const compilers = [compilerOf(), compilerOf()];
          for (const { compiler, cluster, services, readable, acknowledged } of steps) {
            await world.report(cluster, { ...shop(services, namespace), readable });
            for (const name of acknowledged) await world.acknowledge(name, gns);
            await compilers[compiler]?.compile(key, 'ALL');
            const again = await compilerOf().compile(key, 'ALL');
            expect(again).toEqual({ outcome: 'PUBLISHED', catalogMoved: false, targetsMoved: 0, transitions: 0 });
          }
        }),
        { numRuns: 12 },
      );
    });
  });
});
