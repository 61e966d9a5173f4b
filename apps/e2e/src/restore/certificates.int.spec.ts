import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enrol, type Identity } from '@isthmus/agent';
import { backup, createStore, restore, type Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Centre, ORG } from '../agent-path/centre.fixture.js';
import { RawStream } from '../agent-path/raw-stream.fixture.js';

const postgres = await testPostgres();

postgres.suite('certificates that are newer than the backup', () => {
  let folder = '';
  let first: Centre;
  let restored: Centre;
  let stores: Store[];
  let known: Identity;
  let unknown: Identity;
  let revoked: Identity;

  const enrolled = async (centre: Centre, cluster: string): Promise<Identity> => {
    const token = await centre.token(cluster);
    const address = { gateway: centre.url, ca: centre.gateway.caPem };
    const result = await enrol({ ...address, token, clusterUid: 'uid-1', agentVersion: 'spec' });
    if (!result.ok) throw new Error(result.message);
    return result.identity;
  };
  /** A restored database, under a gateway with the same authority. */
  const restoredCentre = async (file: string): Promise<Centre> => {
    const connectionString = await postgres.freshDatabase({ empty: true });
    await restore({ connectionString, file });
    const store = createStore({ connectionString, poolSize: 3 });
    stores.push(store);
    const centre = new Centre(store);
    for (const name of ['gateway-ca.pem']) {
      const pem = await first.keys.load(name);
      if (pem !== undefined) await centre.keys.saveFirst(name, pem);
    }
    await centre.start();
    return centre;
  };
  const welcome = async (centre: Centre, identity: Identity): Promise<void> => {
    const stream = await RawStream.open(centre, identity);
    stream.hello();
    await stream.next('welcome');
    stream.close();
  };
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1100));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isthmus-certificates-'));
    const { store, url } = await postgres.freshStore();
    stores = [store];
    first = new Centre(store);
    await first.start();
    const [east, west] = [await first.addCluster('east'), await first.addCluster('west')];
    known = await enrolled(first, east);
    await enrolled(first, west);
    await store.withTenant(ORG, (tx) => tx.sessions.revoke(west));
    await backup({ connectionString: url, file: join(folder, 'backup') });
    await pause();
    unknown = await enrolled(first, east);
    await store.withTenant(ORG, (tx) => tx.sessions.reset(west));
    revoked = await enrolled(first, west);
    restored = await restoredCentre(join(folder, 'backup'));
  });

  afterAll(async () => {
    await Promise.all([first.stop(), restored.stop()]);
    await Promise.all(stores.map((store) => store.close()));
    await rm(folder, { recursive: true, force: true });
  });

  it('are refused of clusters that were revoked at the time of the backup', async () => {
    await expect(welcome(restored, revoked)).rejects.toThrow();
  });

  it('are taken in by the restored database, and retire what it knew', async () => {
    await welcome(restored, unknown);
    await expect(welcome(restored, known)).rejects.toThrow('403');
  });

  it('are taken in once: the same one opens the next stream as before', async () => {
    const again = await restoredCentre(join(folder, 'backup'));
    await welcome(again, unknown);
    await welcome(again, unknown);
    await again.stop();
  });

  it('older than what a restored database knows are refused', async () => {
    const again = await restoredCentre(join(folder, 'backup'));
    await pause();
    const east = unknown.cluster.uid;
    await enrolled(again, east);
    await expect(welcome(again, unknown)).rejects.toThrow('403');
    await again.stop();
  });

  it('are refused by a database that was never restored', async () => {
    const { store } = await postgres.freshStore();
    stores.push(store);
    const centre = new Centre(store);
    const pem = await first.keys.load('gateway-ca.pem');
    if (pem !== undefined) await centre.keys.saveFirst('gateway-ca.pem', pem);
    await centre.start();
    await centre.addCluster('east');
    await expect(welcome(centre, unknown)).rejects.toThrow('403');
    await centre.stop();
  });
});
