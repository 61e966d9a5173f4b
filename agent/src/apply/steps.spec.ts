import { manualClock } from '@isthmus/platform';
import type { ManualClock } from '@isthmus/platform';
import { advance, askFor, begin } from '@isthmus/plan';
import type { NameChange, Rollout, Said } from '@isthmus/plan';
import type { StepName } from '@isthmus/protocol';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { LEAD_MS, LINGER_MS, named, World } from './agent-world.fixture.js';
import { deadRoutes, namedSubsets, unknownAtOwner } from './routed-host.fixture.js';
import type { ClusterName, Wanted } from './routed-host.fixture.js';

const VERSIONS: Record<ClusterName, string[]> = { east: ['v1'], west: ['v1', 'v2', 'v3'] };
const NAMES = ['east', 'west'] as const;
const UIDS = new Map(NAMES.map((name) => [name, name]));

function versionsIn({ rules }: Wanted): Set<string> {
  return new Set(rules.flat().flatMap((to) => to.split('@')[0] || []));
}

/** What a compile finds of two wishes. */
function change(before: Wanted, after: Wanted): NameChange {
  const [old, now] = [versionsIn(before), versionsIn(after)];
  const owned = (versions: Iterable<string>): NameChange['comes'] =>
    [...versions].flatMap((version) =>
      NAMES.filter((cluster) => VERSIONS[cluster].includes(version)).map((cluster) => ({
        host: 'h',
        version,
        cluster,
      })),
    );
  return {
    comes: owned([...now].filter((version) => !old.has(version))),
    goes: owned([...old].filter((version) => !now.has(version))),
  };
}

interface Position {
  seq: number;
  wanted: Wanted;
  step: StepName | undefined;
}

/** Where the centre wants both clusters, and what it was told. */
class Centre {
  position: Position = { seq: 1, wanted: named(), step: undefined };
  rollout: Rollout | undefined;
  readonly said = new Map<string, { seq: number; applied: boolean; ready: boolean }>();

  constructor(
    private readonly clock: ManualClock,
    private readonly ownerWaitMs = Number.MAX_SAFE_INTEGER,
  ) {}

  want(wanted: Wanted): void {
    const ask = askFor(change(this.position.wanted, wanted), UIDS);
    this.move(begin(this.rollout, ask, this.#standing()), wanted);
  }

  look(): void {
    this.move(advance(this.rollout, this.#standing()), this.position.wanted);
  }

  private move(rollout: Rollout | undefined, wanted: Wanted): void {
    this.rollout = rollout;
    const step = rollout?.step === 'done' ? undefined : rollout?.step;
    if (wanted === this.position.wanted && step === this.position.step) return;
    this.position = { seq: this.position.seq + 1, wanted, step };
  }

  #standing() {
    const clusters = new Map<string, Said>();
    for (const name of NAMES) {
      const told = this.said.get(name);
      const isNow = told?.seq === this.position.seq;
      clusters.set(name, { ready: isNow && told.ready, applied: isNow && told.applied, steps: true });
    }
    return { now: this.clock.monotonicMs(), ownerWaitMs: this.ownerWaitMs, clusters };
  }
}

/** An agent with the position that reached it, and the centre's ear. */
class Follower {
  held: Position = { seq: 1, wanted: named(), step: undefined };

  constructor(
    readonly world: World,
    private readonly centre: Centre,
  ) {}

  receive(): void {
    this.held = this.centre.position;
  }

  /** A round; what it says reaches the centre unless it dies. When to look again; undefined: when something is heard. */
  async round(): Promise<number | undefined> {
    const { wanted, step, seq } = this.held;
    const result = await this.world.round(wanted, { step }).catch(() => this.world.restart());
    const [of] = result?.results ?? [];
    if (of === undefined) return undefined;
    const said = { seq, applied: !of.failed && !of.waiting, ready: step === 'expand' && !of.failed };
    this.centre.said.set(this.world.name, said);
    return result?.wakeInMs;
  }

  async settle(clock: ManualClock): Promise<void> {
    for (let left: number | undefined = 0; left !== undefined; left = await this.round()) clock.advance(left);
  }
}

describe('a change in steps', () => {
  let clock: ManualClock;
  let centre: Centre;
  let east: Follower;
  let west: Follower;

  async function start(ownerWaitMs?: number): Promise<void> {
    clock = manualClock();
    centre = new Centre(clock, ownerWaitMs);
    [east, west] = [
      new Follower(new World('east', clock, LEAD_MS), centre),
      new Follower(new World('west', clock, LEAD_MS), centre),
    ];
    for (const one of [west, east]) {
      one.world.letEverythingGo();
      await one.settle(clock);
    }
  }
  beforeEach(() => start());

  const unknown = (): string[] => [
    ...unknownAtOwner(east.world.objects, west.world.objects, '10.0.0.2'),
    ...unknownAtOwner(west.world.objects, east.world.objects, '10.0.0.1').filter((name) => !name.includes('version-v')),
  ];
  const versionsOfWest = (): number =>
    west.world.objects.filter(({ metadata }) => metadata.name.includes('version')).length;

  it('lets callers name a version only when its owner has confirmed, and then after their own time', async () => {
    centre.want(named(['v2']));
    expect(centre.position.step).toBe('expand');
    east.receive();
    for (let minute = 0; minute < 5; minute += 1) {
      expect(await east.round()).toBeUndefined();
      clock.advance(60_000);
      centre.look();
    }
    expect([east.world.subsets().length, namedSubsets(east.world.objects), centre.position.step]).toEqual([
      1,
      [],
      'expand',
    ]);
    west.receive();
    await west.round();
    centre.look();
    expect(centre.position.step).toBeUndefined();
    east.receive();
    expect(await east.round()).toBe(LEAD_MS);
    await east.settle(clock);
    expect(namedSubsets(east.world.objects)).toHaveLength(1);
  });

  it('says while routes wait that they do, and that the rest is ready', async () => {
    centre.want(named(['v2']));
    west.receive();
    const { results } = await west.world.round(named(['v2']), { step: 'expand' });
    expect(results).toMatchObject([{ waiting: true, failed: false, issues: [{ code: 'ISM0448', severity: 'INFO' }] }]);
    expect(versionsOfWest()).toBe(1);
    expect((await west.world.round(named(['v2']), { step: 'switch' })).results[0]?.issues).toEqual([]);
  });

  it('holds routes also in an agent that has no time of its own for them', async () => {
    const hasty = new World('east', clock, 0);
    await hasty.settle(named());
    await hasty.round(named(['v2']), { step: 'expand' });
    expect(namedSubsets(hasty.objects)).toEqual([]);
    await hasty.round(named(['v2']));
    expect(namedSubsets(hasty.objects)).toHaveLength(1);
  });

  it('keeps with owners what callers named until these have replaced their routes, however long that is', async () => {
    const followAll = async (): Promise<void> => {
      for (const one of [west, east, west, east]) await follow(one, () => undefined);
    };
    centre.want(named(['v2']));
    await followAll();
    centre.want(named());
    expect(centre.position.step).toBe('switch');
    west.receive();
    for (let minute = 0; minute < 5; minute += 1) {
      await west.round();
      clock.advance(60_000);
      centre.look();
    }
    expect([versionsOfWest(), unknown()]).toEqual([1, []]);
    await followAll();
    expect([versionsOfWest(), centre.position.step]).toEqual([0, undefined]);
  });

  it('goes on without an owner that is away when its time is over', async () => {
    await start(30_000);
    centre.want(named(['v2']));
    clock.advance(29_999);
    centre.look();
    expect(centre.position.step).toBe('expand');
    clock.advance(1);
    centre.look();
    expect([centre.position.step, centre.rollout?.missed]).toEqual([undefined, ['west']]);
    west.receive();
    await west.settle(clock);
    centre.look();
    expect(centre.rollout).toBeUndefined();
  });

  const destination = fc.constantFrom('v1', 'v2', 'v3', '@west', 'v2@west', 'v3@west');
  const wanted: fc.Arbitrary<Wanted> = fc.record({
    rules: fc.array(fc.array(destination, { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
  });
  const event = fc.oneof(
    fc.record({ what: fc.constant('want' as const), wanted }),
    fc.record({
      what: fc.constantFrom('receive', 'round', 'receive', 'round' as const),
      who: fc.constantFrom(...NAMES),
    }),
    fc.record({ what: fc.constant('follow' as const), who: fc.constantFrom(...NAMES) }),
    fc.record({ what: fc.constant('die' as const), who: fc.constantFrom(...NAMES), writes: fc.nat(4) }),
    fc.record({ what: fc.constant('look' as const) }),
    fc.record({ what: fc.constant('wait' as const), ms: fc.constantFrom(100, LEAD_MS, LINGER_MS) }),
  );

  type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

  async function follow(one: Follower, check: () => void): Promise<void> {
    one.world.dieAfter(Number.POSITIVE_INFINITY, check);
    one.receive();
    await one.settle(clock);
    centre.look();
    check();
  }

  async function take(one: Event, check: () => void): Promise<void> {
    if (one.what === 'want') return centre.want(one.wanted);
    if (one.what === 'look') return centre.look();
    if (one.what === 'wait') return clock.advance(one.ms);
    const of = one.who === 'east' ? east : west;
    if (one.what === 'receive') return of.receive();
    if (one.what === 'follow') return follow(of, check);
    of.world.dieAfter(one.what === 'die' ? one.writes : Number.POSITIVE_INFINITY, check);
    await of.round();
  }

  it(
    'asks no owner for a version that it does not know, whoever is how slow or dies when, and arrives',
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(event, { maxLength: 30, size: 'max' }), async (events) => {
          await start();
          const check = (): void => {
            expect(unknown()).toEqual([]);
            expect(deadRoutes(east.world.objects, VERSIONS.east)).toEqual([]);
          };
          for (const one of events) {
            await take(one, check);
            check();
          }
          for (let left = 8; left > 0; left -= 1) for (const one of [east, west]) await follow(one, check);
          expect(centre.rollout).toBeUndefined();
          for (const one of [east, west]) expect(one.world.holds(centre.position.wanted)).toBe(true);
        }),
        { numRuns: 150 },
      );
    },
  );
});
