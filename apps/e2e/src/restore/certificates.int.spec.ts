import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enrol, renewalDoor, type Identity } from '@isthmus/agent';
import { systemClock } from '@isthmus/platform';
import { backup, createStore, restore, type Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import pg from 'pg';
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
  /** Of `north`, two days old: before and after the backup. */
  let knownExpired: Identity;
  let unknownExpired: Identity;

  const enrolled = async (centre: Centre, cluster: string): Promise<Identity> => {
    const token = await centre.token(cluster);
    const address = { gateway: centre.url, ca: centre.gateway.caPem };
    const result = await enrol({ ...address, token, clusterUid: 'uid-1', agentVersion: 'spec' });
    if (!result.ok) throw new Error(result.message);
    return result.identity;
  };
  /** A restored database, under a gateway with the same authority. */
  const restoredCentre = async (raisedAgo = '0 minutes'): Promise<Centre> => {
    const connectionString = await postgres.freshDatabase({ empty: true });
    await restore({ connectionString, file: join(folder, 'backup') });
    const client = new pg.Client({ connectionString });
    await client.connect();
    await client.query('UPDATE system_state SET raised_at = raised_at - $1::interval', [raisedAgo]);
    await client.end();
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
  const quarantineOf = async ({ store }: Centre, { cluster }: Identity): Promise<string> =>
    (await store.withTenant(ORG, (tx) => tx.sessions.get(cluster.uid)))?.quarantine ?? '';
  /** What a gateway of that many days ago issued; its certificates live for one day. */
  const enrolledDaysAgo = async (days: number, cluster: string): Promise<Identity> => {
    const then = first.over(first.store);
    then.clock = { ...systemClock, now: () => new Date(Date.now() - days * 86_400_000) };
    await then.start();
    const identity = await enrolled(then, cluster);
    await then.stop();
    return identity;
  };
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1100));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isthmus-certificates-'));
    const { store, url } = await postgres.freshStore();
    stores = [store];
    first = new Centre(store);
    await first.start();
    const [east, west] = [await first.addCluster('east'), await first.addCluster('west')];
    const north = await first.addCluster('north');
    known = await enrolled(first, east);
    knownExpired = await enrolledDaysAgo(2.1, north);
    await enrolled(first, west);
    await store.withTenant(ORG, (tx) => tx.sessions.revoke(west));
    await backup({ connectionString: url, file: join(folder, 'backup') });
    await pause();
    unknown = await enrolled(first, east);
    unknownExpired = await enrolledDaysAgo(2, north);
    await store.withTenant(ORG, (tx) => tx.sessions.reset(west));
    revoked = await enrolled(first, west);
    restored = await restoredCentre();
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
    const again = await restoredCentre();
    await welcome(again, unknown);
    await welcome(again, unknown);
    await again.stop();
  });

  it('that have run out are taken in at the door: the newest of a cluster, and the one before it is a copy', async () => {
    const again = await restoredCentre();
    const door = renewalDoor({ gateway: again.url });
    await expect(welcome(again, unknownExpired)).rejects.toThrow('403');
    await welcome(again, await door(unknownExpired));
    expect(await quarantineOf(again, unknownExpired)).toBe('');
    await expect(door(knownExpired)).rejects.toThrow('ISM0407');
    expect(await quarantineOf(again, unknownExpired)).toContain('DuplicateIdentity');
    await again.stop();
  });

  it('are refused, as streams and at the door, if they were issued after the lineage was raised', async () => {
    const again = await restoredCentre('10 minutes');
    await expect(welcome(again, unknown)).rejects.toThrow('403');
    await expect(renewalDoor({ gateway: again.url })(unknown)).rejects.toThrow('ISM0406');
    expect(await quarantineOf(again, unknown)).toBe('');
    await welcome(again, known);
    await again.stop();
  });

  it('older than what a restored database knows are copies: they are refused, and their cluster is quarantined', async () => {
    const again = await restoredCentre();
    await pause();
    const newest = await enrolled(again, unknown.cluster.uid);
    await expect(welcome(again, unknown)).rejects.toThrow('403');
    expect(await quarantineOf(again, unknown)).toContain('DuplicateIdentity');
    const stream = await RawStream.open(again, newest);
    stream.hello();
    expect(await stream.next('bye')).toMatchObject({ reason: 'cloned' });
    await again.stop();
  });

  it('older than what a restored database knows are copies at the door as well', async () => {
    const again = await restoredCentre();
    await pause();
    await enrolled(again, unknown.cluster.uid);
    await expect(renewalDoor({ gateway: again.url })(unknown)).rejects.toThrow('ISM0407');
    expect(await quarantineOf(again, unknown)).toContain('DuplicateIdentity');
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
