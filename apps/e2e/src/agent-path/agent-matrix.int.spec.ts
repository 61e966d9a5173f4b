import { GATEWAY_EDGES, GuardSwitch, type GatewayEdge, type Guards } from '@isthmus/api/spec';
import { systemClock } from '@isthmus/platform';
import { agentMessageSchema, encodeMessage, identityUri } from '@isthmus/protocol';
import type { AgentMessage, GatewayMessage } from '@isthmus/protocol';
import type { Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EDGES, MESSAGES } from './agent-matrix-cases.fixture.js';
import { nobodies } from './agent-matrix-nobody.fixture.js';
import { enrolled, KUBERNETES_UID, nowhere, plant, Rows, subjectOf, type Place } from './agent-matrix-world.fixture.js';
import { Centre, ORG } from './centre.fixture.js';
import { eventually } from './directory-agent.fixture.js';
import { ask, blurt, type Shown } from './gateway-doors.fixture.js';
import { RawStream } from './raw-stream.fixture.js';

type Type = AgentMessage['type'];
type Where = 'own' | 'other cluster' | 'other organization' | 'none';

const postgres = await testPostgres();
const TYPES = Object.keys(MESSAGES) as Type[];
/** Few and short, so that they can be read. */
const shown = (faults: readonly string[]): string[] => faults.slice(0, 6).map((fault) => fault.slice(0, 400));
const MODES: readonly Guards[] = ['both', 'row-level security', 'application'];
const SILENCE_MS = 35_000;

describe('the matrix of agents', () => {
  it('has a case for every message that the protocol knows, and for nothing else', () => {
    const known = agentMessageSchema.options.map((option) => option.shape.type.value);
    expect([...TYPES].sort()).toEqual([...known].sort());
  });

  it('has a case for every edge that the gateway answers at, and for nothing else', () => {
    expect(Object.keys(EDGES).sort()).toEqual(Object.keys(GATEWAY_EDGES).sort());
  });
});

postgres.suite('what agents say', () => {
  let store: Store;
  let guards: GuardSwitch;
  let rows: Rows;
  let centre: Centre;
  let places: Record<Where, Place>;
  let nobody: Record<string, Shown | undefined>;
  let hurriedMs = 0;
  let offMs = 0;
  let turn = 0;
  let cells = 0;
  const seen = new Set<string>();

  beforeAll(async () => {
    const fresh = await postgres.freshStore({ orgs: [ORG, 'foreign'] });
    store = fresh.store;
    guards = new GuardSwitch(fresh.url);
    rows = await Rows.over(fresh.url);
    centre = new Centre(store);
    centre.clock = {
      ...systemClock,
      now: () => new Date(Date.now() + offMs),
      // Doors let one address or cluster ask so often: time passes between questions.
      monotonicMs: () => hurriedMs,
    };
    await start();
    const own = await planted(centre, 'own', 'zzown');
    const other = await planted(centre, 'other', 'zzother');
    const foreign = await planted(new Centre(store, 'foreign'), 'foreign', 'zzforeign');
    places = { own, 'other cluster': other, 'other organization': foreign, none: await nowhere() };
    const at = async <T>(off: number, work: () => Promise<T>): Promise<T> => {
      offMs = off;
      pass();
      return work().finally(() => (offMs = 0));
    };
    nobody = await nobodies({ centre, at }, own);
  }, 60_000);
  afterAll(async () => {
    await guards.end();
    await centre.stop();
    await rows.end();
    await store.close();
  });

  const start = () => centre.start({ pingMs: 100, silenceMs: SILENCE_MS });
  const pass = (): void => void (hurriedMs += 10_000);

  /** A place in which an agent has said everything that agents say. */
  async function planted(of: Centre, where: string, mark: string): Promise<Place> {
    pass();
    const self = await plant({ centre: of, door: centre, where }, mark);
    const stream = await opened(self);
    for (const type of ['inventory', 'applied', 'signals'] as const)
      stream.send(MESSAGES[type](self, { self, turn: (turn += 1) }));
    await stream.next('inventoryAck');
    await ended(stream, self);
    return self;
  }

  /** The stream of a cluster's own agent, after its welcome. */
  async function opened({ identity, bootId }: Place): Promise<RawStream> {
    pass();
    if (identity === undefined) throw new Error('nobody is there');
    const stream = await RawStream.open(centre, identity);
    stream.hello({ bootId, clusterUid: KUBERNETES_UID });
    await stream.next('welcome');
    return stream;
  }

  /** Closes a stream; all that came over it was judged, and written or not, when this is done. */
  async function ended(stream: RawStream, { org, cluster }: Place): Promise<void> {
    stream.close();
    const session = () => store.withTenant(org, (tx) => tx.sessions.get(cluster));
    await eventually(async () => (await session())?.connected === false || undefined, 'the stream is over');
  }

  const guarded = async <T>(mode: Guards, work: () => Promise<T>): Promise<T> => {
    await centre.stop();
    await guards.set(mode);
    // A gateway that remembers nothing of what was read under other guards.
    await start();
    return work().finally(() => guards.set('both'));
  };

  const othersOf = (self: Place): Place[] => Object.values(places).filter((place) => place !== self && place.identity);
  const kept = (): Promise<string[]> => rows.of(othersOf(places.own), places.own);
  const everybodys = (): Promise<string[]> => rows.of(Object.values(places), places.own);

  /** What others have that an answer tells, and whose identity it gives. */
  function faultsIn(text: string, label: string): string[] {
    const certificates = text.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
    const subjects = certificates
      .map((pem) => subjectOf(pem.replaceAll('\\n', '\n')))
      .filter((name) => name.includes('URI:'));
    const mine = `URI:${identityUri(places.own)}`;
    return [
      ...['zzother', 'zzforeign'].filter((mark) => text.includes(mark)).map((mark) => `${label} is told ${mark}`),
      ...subjects.filter((subject) => subject !== mine).map((subject) => `${label} becomes ${subject}`),
    ];
  }

  /** Has the other end judge all that was sent so far. */
  async function settled(stream: RawStream): Promise<void> {
    const refusals = () => stream.messages.filter(({ type }) => type === 'renewRefused').length;
    const before = refusals();
    stream.send({ type: 'renew', csr: 'none' });
    await eventually(() => stream.closed ?? (refusals() > before || undefined), 'what was sent is judged');
  }

  async function say(type: Type, where: Where): Promise<{ stream: RawStream; said: GatewayMessage[] }> {
    const self = places.own;
    const message = MESSAGES[type](places[where], { self, turn: (turn += 1) });
    pass();
    const stream = type === 'hello' ? await RawStream.open(centre, self.identity ?? fail()) : await opened(self);
    if (type === 'received') await eventually(() => syncsOf(stream, self.gns) >= 2 || undefined, 'both lines are sent');
    stream.send(message);
    if (type === 'hello') await stream.next('welcome');
    await settled(stream);
    if (type === 'hello' && where !== 'none')
      await eventually(() => syncsOf(stream, self.gns) > 0 || undefined, 'a tree is sent');
    return { stream, said: stream.messages };
  }

  const fail = (): never => {
    throw new Error('the own agent is enrolled');
  };
  const syncsOf = ({ messages }: RawStream, gns: string): number =>
    messages.filter((message) => message.type === 'sync' && message.statement.gns === gns).length;
  const own = <T>(read: Parameters<typeof store.withTenant<T>>[1]): Promise<T> => store.withTenant(ORG, read);

  /** What is seen of a message that its sender may send. */
  const EFFECTS: { readonly [T in Type]: (stream: RawStream) => Promise<unknown> } = {
    hello: (stream) =>
      eventually(() => JSON.stringify(stream.messages).includes('note/zzown') || undefined, 'the own tree'),
    received: (stream) => eventually(() => syncsOf(stream, places.own.gns) > 2 || undefined, 'the whole tree again'),
    applied: () =>
      eventually(async () => {
        const { cluster, gns } = places.own;
        const applied = await own((tx) => tx.targets.applied({ cluster, gns }));
        const holds = await own((tx) => tx.holds.list({ cluster, gns }));
        return (applied.some(({ objectCount }) => objectCount === turn) && holds.length === 1) || undefined;
      }, 'the report is written'),
    inventory: async (stream) => {
      await stream.next('inventoryAck');
      return (await own((tx) => tx.inventory.head(places.own.cluster)))?.root === places.own.inventory.root;
    },
    signals: async () => {
      const [minute] = (await own((tx) => tx.signals.latest(places.own.gns))).slice(-1);
      return JSON.stringify(minute?.body).includes(`"total":${String(turn)}`);
    },
    renew: async (stream) => subjectOf((await stream.next('certificate')).certificate).includes(places.own.cluster),
    pong: livesBy,
  };

  /** A stream that says nothing is cut, and one that answers pings is not. */
  async function livesBy(stream: RawStream): Promise<boolean> {
    const pings = () => stream.messages.filter(({ type }) => type === 'ping').length;
    for (let round = 0; round < 5; round += 1) {
      const before = pings();
      pass();
      stream.send(MESSAGES.pong(places.own, { self: places.own, turn }));
      await eventually(() => pings() > before || undefined, 'the next ping');
    }
    hurriedMs += 2 * SILENCE_MS;
    return (await stream.next('bye')).reason === 'slow';
  }

  async function cell(type: Type, where: Where, mode: Guards): Promise<string[]> {
    cells += 1;
    const label = `${type} at ${where} with ${mode}`;
    const before = await kept();
    const { stream, said } = await say(type, where);
    if (where === 'own' && (await EFFECTS[type](stream)) !== false) seen.add(`${type} with ${mode}`);
    await ended(stream, places.own);
    const faults = faultsIn(JSON.stringify(said), label);
    const knows = said.some((message) => message.type === 'welcome' && message.inventory === 'CURRENT');
    if (knows && where !== 'own') faults.push(`${label} is told that it knows the inventory`);
    return [...faults, ...changes(before, await kept(), label)];
  }

  function changes(before: readonly string[], after: readonly string[], label: string): string[] {
    const gone = before.filter((row) => !after.includes(row));
    const come = after.filter((row) => !before.includes(row));
    return [...gone, ...come].map((row) => `${label} changes ${row}`);
  }

  it.each(MODES)('reaches nothing but their own, with %s', { timeout: 45_000 }, async (mode) => {
    const faults = await guarded(mode, async () => {
      const found: string[] = [];
      for (const type of TYPES)
        for (const where of Object.keys(places) as Where[]) found.push(...(await cell(type, where, mode)));
      return found;
    });
    expect(shown(faults)).toEqual([]);
    expect(TYPES.filter((type) => !seen.has(`${type} with ${mode}`))).toEqual([]);
  });

  /** As if the own cluster had been sent to that tree once. */
  async function recordAsGiven(root: string): Promise<void> {
    const { cluster, gns, policy } = places.own;
    for (const [at, tree] of [root, policy.root].entries()) {
      const next = { epoch: policy.epoch, seq: policy.seq + at + 1, root: tree };
      const signed = centre.sign({ org: ORG, cluster, gns, line: 'policy', ...next });
      const from = { cluster, gns, expectedSeq: policy.seq + at };
      await own((tx) => tx.targets.move([{ ...from, ...signed, next, state: 'ACTIVE', minCatalogSeq: 0 }]));
    }
  }

  it('would be seen to reach others: with neither guard, the tree of another organization is told', async () => {
    await recordAsGiven(places['other organization'].policy.root);
    expect(await guarded('both', () => cell('hello', 'other organization', 'both'))).toEqual([]);
    const faults = await guarded('none', () => cell('hello', 'other organization', 'none'));
    expect(faults.join('\n')).toContain('is told zzforeign');
  });

  it.each(MODES)('is not heard of nobody, with %s', { timeout: 45_000 }, async (mode) => {
    const faults = await guarded(mode, async () => {
      const before = await everybodys();
      const found: string[] = [];
      for (const [who, as] of Object.entries(nobody))
        for (const type of TYPES) found.push(...(await blurted(type, { who, as }, mode)));
      found.push(...changes(before, await everybodys(), `somebody with ${mode}`));
      return found;
    });
    expect(shown(faults)).toEqual([]);
  });

  it.each(MODES)('at the edges gives nobody another name, with %s', { timeout: 45_000 }, async (mode) => {
    const faults = await guarded(mode, async () => {
      const found: string[] = [];
      for (const edge of Object.keys(EDGES) as GatewayEdge[])
        for (const [where, place] of Object.entries(places)) {
          found.push(
            ...(await edgeCell(edge, { where: where as Where, place, who: 'own', as: places.own.identity }, mode)),
          );
          for (const [who, as] of Object.entries(nobody))
            found.push(...(await edgeCell(edge, { where: where as Where, place, who, as }, mode)));
        }
      return found;
    });
    expect(shown(faults)).toEqual([]);
    expect(Object.keys(EDGES).filter((edge) => !seen.has(`${edge} with ${mode}`))).toEqual([]);
  });

  /** A message at every place, by somebody who says it without being let in. */
  async function blurted(type: Type, { who, as }: Pick<EdgeCell, 'who' | 'as'>, mode: Guards): Promise<string[]> {
    const label = `${type} of somebody ${who} with ${mode}`;
    const found: string[] = [];
    for (const place of Object.values(places)) {
      cells += 1;
      const sender = { self: places.own, turn: (turn += 1) };
      const frames = [MESSAGES.hello(place, sender), ...(type === 'hello' ? [] : [MESSAGES[type](place, sender)])];
      pass();
      const answer = await blurt(centre, as, frames.map(encodeMessage));
      if (!answer.startsWith('HTTP/1.1 403')) found.push(`${label} is answered ${answer}`);
      found.push(...faultsIn(answer, label));
    }
    return found;
  }

  interface EdgeCell {
    where: Where;
    place: Place;
    who: string;
    as: Shown | undefined;
  }

  /** Whether the edge is for the caller: anybody may ask how the gateway is, and who ran out may come back. */
  const isFor = (edge: GatewayEdge, who: string): boolean =>
    edge === '/healthz' || who === 'own' || (edge === '/renew' && who === 'whose certificate ran out');

  async function edgeCell(edge: GatewayEdge, { where, place, who, as }: EdgeCell, mode: Guards): Promise<string[]> {
    cells += 1;
    const label = `${edge} at ${where} by ${who} with ${mode}`;
    const token = who === 'own' ? await centre.token(places.own.cluster) : 'x'.repeat(32);
    const before = await kept();
    pass();
    const { status, text } = await answerAt(edge, { place, as, token });
    const faults = changes(before, await kept(), label);
    const isAnswered = status === 200 || status === 101;
    if (isAnswered !== isFor(edge, who)) faults.push(`${label} is answered ${String(status)} ${text}`);
    if (isAnswered && where === 'own' && who === 'own') seen.add(`${edge} with ${mode}`);
    // Who ran out comes back by its own name, and by no other.
    const named =
      who === 'own' ? faultsIn(text, label) : faultsIn(text, label).filter((one) => !one.includes(uidOf(as)));
    return [...faults, ...named];
  }

  const uidOf = (as: Shown | undefined): string =>
    as === undefined ? '?' : (subjectOf(as.certificate).split('/cluster/')[1] ?? '?');

  async function answerAt(edge: GatewayEdge, of: { place: Place; as: Shown | undefined; token: string }) {
    if (GATEWAY_EDGES[edge] !== 'UPGRADE') return ask(centre, { ...EDGES[edge](of.place, of.token), as: of.as });
    if (of.as === places.own.identity) {
      const stream = await opened(places.own);
      await ended(stream, places.own);
      return { status: 101, text: JSON.stringify(stream.messages) };
    }
    const text = await blurt(centre, of.as, []);
    return { status: Number(text.slice(9, 12)), text };
  }

  it.each(TYPES)('is not heard any more once the identity is revoked: %s', async (type) => {
    const name = `late-${type}`;
    pass();
    const uid = await centre.addCluster(name);
    const self = { ...places.own, cluster: uid, identity: await enrolled(centre, await centre.token(uid)) };
    const stream = await opened(self);
    await own((tx) => tx.sessions.revoke(uid));
    const late = await own((tx) => tx.certificates.ofCluster(uid));
    stream.send(MESSAGES[type](self, { self, turn: (turn += 1) }));
    await eventually(() => stream.closed, 'the stream is cut');
    expect(stream.messages.filter(({ type: of }) => ['certificate', 'inventoryAck'].includes(of))).toEqual([]);
    expect(await own((tx) => tx.certificates.ofCluster(uid))).toEqual(late);
    expect(await own((tx) => tx.targets.applied({ cluster: uid }))).toEqual([]);
    expect(await own((tx) => tx.inventory.head(uid))).toBeUndefined();
    await expect(RawStream.open(centre, self.identity)).rejects.toThrow('403');
  });

  it('was asked in many cells', () => {
    console.info(`isolation of agents: ${String(cells)} cells, none leaks`);
    expect(cells).toBeGreaterThan(300);
  });
});
