import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EMPTY_ROOT } from '@isthmus/domain';
import type { Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Centre, ORG } from './centre.fixture.js';
import { DirectoryAgent, eventually } from './directory-agent.fixture.js';
import { RawStream } from './raw-stream.fixture.js';
import { catalogTree, manifests, policyTree } from './trees.fixture.js';

const postgres = await testPostgres();

postgres.suite('an agent and its cluster, when something breaks', () => {
  let store: Store;
  let centre: Centre;
  let agent: DirectoryAgent;
  let cluster: string;
  let gns: string;

  beforeEach(async () => {
    ({ store } = await postgres.freshStore());
    centre = new Centre(store);
    await centre.start();
    cluster = await centre.addCluster('east');
    gns = randomUUID();
    agent = await DirectoryAgent.create(centre);
    await agent.manifest('shop.yaml', manifests('shop', ['details', 'ratings', 'reviews']));
    const enrolled = await agent.enrol(await centre.token(cluster));
    if (!enrolled.ok) throw new Error(enrolled.message);
    await agent.start();
    await centre.publishCatalog(gns, catalogTree(['ratings', 'reviews']));
    await centre.publishPolicy({ cluster, gns }, policyTree(), 1);
    await eventually(async () => (await applied('policy')) === 1 || undefined, 'the first policy');
  });

  afterEach(async () => {
    await agent.stop();
    await centre.stop();
    await store.close();
  });

  const applied = async (line: 'policy' | 'catalog'): Promise<number | undefined> => {
    const records = await store.withTenant(ORG, (tx) => tx.targets.applied({ cluster }));
    return records.find((record) => record.line === line)?.ref.seq;
  };
  const states = async (): Promise<unknown[]> => {
    const records = await store.withTenant(ORG, (tx) => tx.targets.applied({ cluster }));
    return records.map(({ detail }) => (detail as { state: string }).state);
  };
  const services = async (): Promise<string[]> => {
    const rows = await store.withTenant(ORG, (tx) => tx.inventory.namespaces([cluster]));
    return rows.flatMap(({ body }) =>
      (JSON.parse(body) as { services: { name: string }[] }).services.map(({ name }) => name),
    );
  };

  it('it keeps and heals everything while the centre is away, restarted or not, and catches up with the net state', async () => {
    const port = centre.gateway.port;
    await centre.stop();
    await agent.stop();
    const files = await agent.files();
    const [first = ''] = files;
    const before = await agent.read(first);
    await writeFile(join(agent.out, first), before.replace('isthmus', 'isthmus # edited'));
    await rm(join(agent.out, files.at(-1) ?? ''));
    await agent.start();
    await eventually(
      async () => (await agent.files()).length === files.length || undefined,
      'the removed file is back',
    );
    await eventually(async () => (await agent.read(first)) === before || undefined, 'the edited file is healed');
    await centre.publishCatalog(gns, catalogTree(['reviews']));
    await centre.publishCatalog(gns, catalogTree(['details', 'ratings', 'reviews']));
    await centre.start({}, port);
    await eventually(async () => (await applied('catalog')) === 3 || undefined, 'the newest catalog', 20_000);
    expect((await agent.files()).length).toBeGreaterThan(files.length);
  });

  it('it deletes nothing when its bundle is lost, and gets the bodies again', async () => {
    const files = await agent.files();
    await agent.stop();
    await rm(join(agent.folder, 'state', 'bundle'), { recursive: true });
    await agent.start();
    await eventually(async () => {
      const session = await store.withTenant(ORG, (tx) => tx.sessions.get(cluster));
      return session?.session === 2 || undefined;
    }, 'the second session');
    await centre.publishPolicy({ cluster, gns }, policyTree('PERMISSIVE'), 1);
    await eventually(async () => (await applied('policy')) === 2 || undefined, 'the second policy');
    expect(await agent.files()).toEqual(files);
  });

  it('it leaves the files of users alone, also one where an object should be', async () => {
    const [taken = ''] = await agent.files();
    await centre.publishPolicy({ cluster, gns }, { root: EMPTY_ROOT, entries: new Map() });
    await eventually(async () => (await agent.files()).length === 0 || undefined, 'left');
    await mkdir(join(agent.out, taken, '..'), { recursive: true });
    await writeFile(join(agent.out, taken), 'mine: true\n');
    await centre.publishPolicy({ cluster, gns }, policyTree(), 1);
    await eventually(async () => (await agent.files()).length > 1 || undefined, 'rendered again');
    expect(await readFile(join(agent.out, taken), 'utf8')).toBe('mine: true\n');
  });

  it('a policy waits for its catalog, and says so', async () => {
    await centre.publishPolicy({ cluster, gns }, policyTree('PERMISSIVE'), 2);
    await eventually(async () => (await states()).includes('WAITING') || undefined, 'waiting');
    expect(await applied('policy')).toBe(1);
    await centre.publishCatalog(gns, catalogTree(['details', 'ratings', 'reviews']));
    await eventually(async () => (await applied('policy')) === 2 || undefined, 'no longer waiting');
  });

  it('deletions beyond the breaker wait until a person approves exactly them', async () => {
    await centre.publishCatalog(gns, catalogTree(['a', 'b', 'c', 'd', 'ratings', 'reviews']));
    await eventually(async () => (await applied('catalog')) === 2 || undefined, 'six services');
    const files = await agent.files();
    await centre.publishCatalog(gns, catalogTree(['reviews']));
    const hold = await eventually(async () => {
      const [found] = await store.withTenant(ORG, (tx) => tx.holds.list({ cluster }));
      return found;
    }, 'the hold');
    expect(hold).toMatchObject({ kind: 'PRUNE', gns });
    expect(await agent.files()).toEqual(files);
    const outcome = await store.mutate(ORG, { actor: 'spec', action: 'approve' }, (tx) =>
      tx.holds.approve(hold.id, hold.setHash, 'spec'),
    );
    expect(outcome.outcome).toBe('approved');
    await eventually(async () => (await agent.files()).length < files.length || undefined, 'pruned');
    await eventually(
      async () => (await store.withTenant(ORG, (tx) => tx.holds.list({ cluster }))).length === 0 || undefined,
      'the hold is cleared',
    );
  });

  it('services that are only unseen stay in the inventory; those that are gone leave it', async () => {
    await eventually(async () => (await services()).length === 3 || undefined, 'three services');
    await agent.manifest('broken.yaml', 'a: [\n');
    await agent.manifest('shop.yaml', manifests('shop', ['reviews']));
    await eventually(async () => {
      const head = await store.withTenant(ORG, (tx) => tx.inventory.head(cluster));
      return head?.complete === false || undefined;
    }, 'an incomplete view');
    expect(await services()).toEqual(['details', 'ratings', 'reviews']);
    await rm(join(agent.folder, 'manifests', 'broken.yaml'));
    await eventually(async () => (await services()).length === 1 || undefined, 'one service');
  });

  it('an agent that is ahead of the database gets nothing, and the reason is on record', async () => {
    await agent.stop();
    const { identity } = await agent.stored();
    const raw = await RawStream.open(centre, identity);
    const ahead = { gns, line: 'policy' as const, epoch: 1, seq: 99, root: 'f'.repeat(64), have: 'f'.repeat(64) };
    raw.hello({ clusterUid: await agent.uid(), lines: [ahead] });
    await raw.next('sync');
    const error = await eventually(async () => {
      const session = await store.withTenant(ORG, (tx) => tx.sessions.get(cluster));
      return session?.lastError;
    }, 'the error');
    expect(error).toContain('ISM0421');
    expect(raw.messages.filter((message) => message.type === 'sync').map(({ statement }) => statement.line)).toEqual([
      'catalog',
    ]);
    raw.close();
  });
});
