import { randomUUID } from 'node:crypto';
import { enrol } from '@isthmus/agent';
import type { Identity } from '@isthmus/agent';
import { systemClock } from '@isthmus/platform';
import type { Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Centre, ORG } from './centre.fixture.js';
import { eventually } from './directory-agent.fixture.js';
import { RawStream } from './raw-stream.fixture.js';
import { catalogTree, policyTree } from './trees.fixture.js';

const postgres = await testPostgres();
const FRAMES = 3000;

postgres.suite('a flood', () => {
  let store: Store;
  let centre: Centre;
  beforeAll(async () => {
    ({ store } = await postgres.freshStore());
    centre = new Centre(store);
    await centre.start();
  });
  afterAll(async () => {
    await centre.stop();
    await store.close();
  });

  const join = async (name: string, at = centre): Promise<{ identity: Identity; stream: RawStream }> => {
    const token = await at.token(await at.addCluster(name));
    const dial = { gateway: at.url, ca: at.gateway.caPem, clusterUid: 'uid-1', agentVersion: 'spec' };
    const result = await enrol({ ...dial, token });
    if (!result.ok) throw new Error(result.message);
    const stream = await RawStream.open(at, result.identity);
    stream.hello();
    await stream.next('welcome');
    return { identity: result.identity, stream };
  };

  it('of streams from one agent is refused after sixty, and no other agent notices', async () => {
    const still = new Centre(store);
    still.clock = { ...systemClock, monotonicMs: () => 0 };
    await still.start();
    const [noisy, calm] = [await join('reconnects', still), await join('stays', still)];
    const outcomes: string[] = [];
    for (let index = 0; index < 62; index += 1) {
      const opened = RawStream.open(still, noisy.identity).then(
        (stream) => (stream.close(), 'opened'),
        (error: Error) => error.message,
      );
      outcomes.push(await opened);
    }
    expect(outcomes.filter((outcome) => outcome === 'opened')).toHaveLength(59);
    expect(outcomes.slice(59).every((outcome) => outcome.includes('429'))).toBe(true);
    (await RawStream.open(still, calm.identity)).close();
    await still.stop();
  });

  it('of reports and broken inventories from one agent delays no other, and changes only what that agent may say', async () => {
    const [noisy, calm] = [await join('noisy'), await join('east')];
    const gns = randomUUID();
    const root = 'a'.repeat(64);
    await centre.publishCatalog(gns, catalogTree(['reviews']));
    await centre.publishPolicy({ cluster: noisy.identity.cluster.uid, gns }, policyTree(), 1);
    for (let seq = 1; seq <= FRAMES; seq += 1) {
      const at = { gns, line: 'policy' as const, epoch: 1, seq, root };
      noisy.stream.send({ type: 'applied', ...at, state: 'APPLIED', objects: seq, objectsHash: root, issues: [] });
      if (seq % 10 === 0)
        noisy.stream.send({
          ...{ type: 'inventory', bootId: 'boot', seq: seq + 7, prevSeq: seq + 6, root },
          ...{ put: [], remove: ['namespace/shop'], complete: true, unreadable: [] },
        });
    }
    await centre.publishPolicy({ cluster: calm.identity.cluster.uid, gns }, policyTree(), 1);
    expect((await calm.stream.next('sync')).statement.gns).toBe(gns);
    const applied = (cluster: string) => store.withTenant(ORG, (tx) => tx.targets.applied({ cluster }));
    await eventually(
      async () => (await applied(noisy.identity.cluster.uid)).some(({ ref }) => ref.seq === FRAMES) || undefined,
      'the newest report is written',
      60_000,
    );
    expect(await applied(noisy.identity.cluster.uid)).toHaveLength(1);
    expect(await applied(calm.identity.cluster.uid)).toEqual([]);
    expect(await store.withTenant(ORG, (tx) => tx.inventory.namespaces([noisy.identity.cluster.uid]))).toEqual([]);
    expect(calm.stream.closed).toBeUndefined();
  });
});
