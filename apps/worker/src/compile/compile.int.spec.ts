import type { MeshConfigObject } from '@isthmus/domain';
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

  describe('what users configured in the meshes', () => {
    const mine: MeshConfigObject = { kind: 'VirtualService', name: 'mine', hosts: ['cart.judged.global'] };

    /** What the head says after each publication: the size of its catalog's history and the findings. */
    function published(gns: string): { seen: [seq: number, codes: unknown[]][]; spied: Store } {
      const seen: [number, unknown[]][] = [];
      const spied = new Proxy(store, {
        get: (target, name) => {
          const value = Reflect.get(target, name) as unknown;
          if (name !== 'mutate') return typeof value === 'function' ? value.bind(target) : value;
          return async (...args: Parameters<Store['mutate']>) => {
            const result = await target.mutate(...args);
            const head = await world.head(gns);
            const codes = (head?.catalogIssues ?? []).map((issue) => (issue as { code?: unknown }).code);
            seen.push([head?.catalogSeq ?? 0, codes.filter((code) => String(code).startsWith('ISM08'))]);
            return result;
          };
        },
      });
      return { seen, spied };
    }

    it('is judged after what changed is out, which keeps what was found before, by whatever process', async () => {
      await world.gns('judged', { members: [{ namespaces: { names: ['judged'] } }] });
      const key = { org: ORG, gns: world.uid('judged') };
      const { seen, spied } = published('judged');
      const compiler = new Compiler(spied, world.signer);
      await world.report('east', { ...shop(['cart'], 'judged'), meshConfig: { objects: [mine] } });
      await compiler.compile(key, 'ALL');
      expect(seen).toEqual([
        [1, []],
        [1, ['ISM0803']],
      ]);
      seen.length = 0;
      await world.report('east', { ...shop(['cart', 'pay'], 'judged'), meshConfig: { objects: [mine] } });
      await new Compiler(spied, world.signer).compile(key, 'ALL');
      expect(seen).toEqual([[2, ['ISM0803']]]);
      seen.length = 0;
      await world.report('east', shop(['cart', 'pay', 'web'], 'judged'));
      await compiler.compile(key, 'ALL');
      expect(seen).toEqual([
        [3, ['ISM0803']],
        [3, []],
      ]);
    });
  });

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
