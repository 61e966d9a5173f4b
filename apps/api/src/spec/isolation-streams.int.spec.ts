import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Store } from '@isthmus/store';
import { BUILT_IN_ROLE_NAMES } from '../auth/roles.js';
import { permissionOf } from '../graphql/guard.js';
import { partsOfId } from '../graphql/node-id.js';
import { buildSchema } from '../graphql/schema.js';
import { postgres } from './api.fixture.js';
import { SUBSCRIPTIONS } from './isolation.cases.js';
import { callerWith, GuardSwitch, startOperations, type Guards } from './isolation.fixture.js';
import { nowhere, plant, resourceOf, type Place } from './isolation.world.js';

const OWN_PROJECT = 'payments';
const PLACES = ['own', 'other project', 'other organization', 'none'] as const;
type Where = (typeof PLACES)[number];

const schema = buildSchema();
const text = (value: unknown): string => JSON.stringify(value);
const NOTE = 'uid annotations { value }';

/** What is listened to, aimed at a place. */
const CASES: Readonly<Record<string, (place: Place) => string>> = {
  clusterChanged: ({ name }) => `(name: ${text(name)}) { uid cluster { ${NOTE} } }`,
  resourceChanged: () => `{ uid kind resource { ${NOTE} } }`,
  targetsChanged: ({ ids }) =>
    `(globalNamespaceId: ${text(ids['GlobalNamespace'])}) { cluster { ${NOTE} } globalNamespace { ${NOTE} } }`,
};

const nobody = { who: 'nobody', viewer: callerWith('default') };
const callers = [
  ...BUILT_IN_ROLE_NAMES.map((role) => ({ who: role, viewer: callerWith('default', role) })),
  ...BUILT_IN_ROLE_NAMES.map((role) => ({
    who: `${role} of ${OWN_PROJECT}`,
    viewer: callerWith('default', `${role}@PROJECT:${OWN_PROJECT}`),
  })),
  nobody,
];

interface Stream {
  caller: (typeof callers)[number];
  name: string;
  where: Where;
  events: AsyncIterator<unknown>;
}

it('has a case for every subscription', () => {
  expect(Object.keys(CASES).sort()).toEqual([...SUBSCRIPTIONS].sort());
});

postgres.suite('isolation of open streams', () => {
  let store: Store;
  let guards: GuardSwitch;
  let operations: Awaited<ReturnType<typeof startOperations>>;
  let places: Record<Where, Place>;
  let round = 0;

  beforeAll(async () => {
    const fresh = await postgres.freshStore({ orgs: ['default', 'foreign'] });
    store = fresh.store;
    guards = new GuardSwitch(fresh.url);
    operations = await startOperations(store, schema);
    places = {
      own: await plant(store, { org: 'default', project: OWN_PROJECT, name: 'x', mark: 'zzown' }),
      'other project': await plant(store, { org: 'default', project: 'search', name: 'y', mark: 'zzother' }),
      'other organization': await plant(store, { org: 'foreign', project: 'abroad', name: 'z', mark: 'zzforeign' }),
      none: nowhere(),
    };
    await moveAll();
  });
  afterAll(async () => {
    await guards.end();
    await operations.close();
    await store.close();
  });

  const orgOf = (where: Where): string => (where === 'other organization' ? 'foreign' : 'default');
  const uidOf = ({ ids }: Place, kind: 'Cluster' | 'GlobalNamespace'): string =>
    partsOfId(kind, ids[kind] ?? '')?.[0] ?? '';

  /** Moves everything that a stream could tell of, in every place. */
  async function moveAll(): Promise<void> {
    round += 1;
    for (const where of PLACES.filter((one) => one !== 'none')) {
      const place = places[where];
      await store.mutate(orgOf(where), { actor: 'user:spec', action: 'spec' }, async (tx) => {
        for (const kind of ['Cluster', 'GlobalNamespace', 'TrafficPolicy'] as const) {
          const resource = resourceOf(kind, place);
          await tx.resources.put({ ...resource, labels: { round: String(round) } });
        }
      });
      await store.withTenant(orgOf(where), (tx) =>
        tx.targets.move([
          {
            ...{ cluster: uidOf(place, 'Cluster'), gns: uidOf(place, 'GlobalNamespace'), expectedSeq: round - 1 },
            ...{ next: { epoch: 1, seq: round, root: 'a'.repeat(64) }, state: 'ACTIVE', minCatalogSeq: 0 },
            ...{ statement: '{}', signature: 'c2ln' },
          },
        ]),
      );
    }
  }

  /** Opens a stream in a cell; a refusal is a fault or not. */
  async function open(of: Omit<Stream, 'events'>): Promise<{ stream?: Stream; fault?: string }> {
    const { caller, name, where } = of;
    const answer = await operations.listen(
      caller.viewer,
      `subscription { ${name}${CASES[name]?.(places[where]) ?? ''} }`,
    );
    const need = permissionOf(schema.getSubscriptionType()?.getFields()[name] ?? { extensions: {} });
    const isHeld = need !== undefined && caller.viewer.rights.somewhere(need);
    if (Symbol.asyncIterator in answer) {
      const stream = { ...of, events: answer[Symbol.asyncIterator]() };
      return isHeld ? { stream } : { stream, fault: `${caller.who} opens ${name}` };
    }
    const isForbidden = text(answer).includes('FORBIDDEN');
    return isForbidden === isHeld ? { fault: `${caller.who} → ${name}: ${text(answer)}` } : {};
  }

  /** Several streams opened after the others, one after the other: once they have told, the others had their turns. */
  async function settled(): Promise<undefined> {
    for (const _ of [1, 2, 3]) {
      const { stream } = await open({ caller: callers[0] ?? nobody, name: 'targetsChanged', where: 'own' });
      await stream?.events.next();
      await stream?.events.return?.();
    }
    return undefined;
  }

  /** What it tells until it says that it lost news; of targets they are never lost but read anew, so that these are read until all is told. */
  async function told({ caller, events, name, where }: Stream, silence: Promise<undefined>): Promise<string> {
    const all: string[] = [];
    for (;;) {
      const isSure = name !== 'targetsChanged' || (caller === callers[0] && where === 'own' && all.length === 0);
      const next = await (isSure ? events.next() : Promise.race([events.next(), silence]));
      if (next === undefined) break;
      const event = text(next.value);
      all.push(event);
      if (event.includes('"uid":null')) break;
    }
    void events.return?.();
    return all.join('\n');
  }

  function faultsOf({ caller, name, where }: Stream, events: string): string[] {
    const isBound = caller.viewer.rights.grants.every(({ scope }) => scope.kind !== 'ORGANIZATION');
    const foreign = [
      ...Object.values(places['other organization'].ids),
      uidOf(places['other organization'], 'Cluster'),
    ];
    const secrets = ['zzforeign', ...foreign, ...(isBound ? ['zzother'] : [])];
    const label = `${caller.who} → ${name} at ${where}`;
    const isEmptyPlace = where === 'none' && name !== 'resourceChanged' && /zz\w/.test(events);
    return [
      ...secrets.filter((secret) => events.includes(secret)).map((secret) => `${label} is told ${secret}`),
      ...(isEmptyPlace ? [`${label} is told ${events}`] : []),
    ];
  }

  async function sweep(
    who: typeof callers,
    mode: Guards,
  ): Promise<{ faults: string[]; shown: Set<string>; cells: number }> {
    await guards.set(mode);
    const cells = who.flatMap((caller) =>
      Object.keys(CASES).flatMap((name) => PLACES.map((where) => ({ caller, name, where }))),
    );
    const opened = await Promise.all(cells.map(open));
    const streams = opened.flatMap(({ stream }) => (stream === undefined ? [] : [stream]));
    await moveAll();
    operations.loseNews();
    const shown = new Set<string>();
    const faults = opened.flatMap(({ fault }) => fault ?? []);
    const silence = settled();
    const events = await Promise.all(streams.map((stream) => told(stream, silence)));
    for (const [index, stream] of streams.entries()) {
      faults.push(...faultsOf(stream, events[index] ?? ''));
      if (stream.where === 'own' && events[index]?.includes('zzown') === true) shown.add(stream.name);
    }
    await guards.set('both');
    return { faults, shown, cells: cells.length };
  }

  it.each<[Guards, typeof callers]>([
    ['both', callers],
    ['row-level security', callers.filter(({ who }) => /^Owner|^nobody/.test(who))],
    ['application', callers.filter(({ who }) => /^Owner|^nobody/.test(who))],
  ])('holds with %s, and everybody is told what is theirs', { timeout: 60_000 }, async (mode, who) => {
    const { faults, shown, cells } = await sweep(who, mode);
    expect(faults).toEqual([]);
    expect([...shown].sort()).toEqual(Object.keys(CASES).sort());
    console.info(`isolation of streams: ${cells} cells with ${mode}, none leaks`);
  });
});
