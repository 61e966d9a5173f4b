import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPostgres } from '@isthmus/testing';
import { addOrganization, backup, BackupError, createStore, restore } from '../index.js';
import type { Store } from '../index.js';
import { withClient } from '../client/with-client.js';

const postgres = await testPostgres();
const root = 'c'.repeat(64);

postgres.suite('backup and restore', () => {
  let store: Store;
  let url = '';
  let folder = '';
  let file = '';
  beforeAll(async () => {
    ({ store, url } = await postgres.freshStore({ orgs: ['default', 'other'] }));
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'isthmus-backup-'));
    file = path.join(folder, 'full.backup');
    for (const org of ['default', 'other']) await populate(store, org);
    await backup({ connectionString: url, file });
  });
  afterAll(async () => {
    await store.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  const lines = async (name: string) =>
    gunzipSync(await fs.readFile(name))
      .toString('utf8')
      .trimEnd()
      .split('\n');
  const altered = async (name: string, change: (all: string[]) => string[]) => {
    const target = path.join(folder, name);
    await fs.writeFile(target, gzipSync(`${change(await lines(file)).join('\n')}\n`));
    return target;
  };
  const restoring = async (name: string, connectionString?: string) =>
    restore({ file: name, connectionString: connectionString ?? (await postgres.freshDatabase({ empty: true })) });

  describe('what is refused', () => {
    it('a file that is no backup, or not there', async () => {
      const text = path.join(folder, 'text');
      await fs.writeFile(text, 'hello');
      await expect(restoring(text)).rejects.toThrow(BackupError);
      await expect(restoring(path.join(folder, 'nothing'))).rejects.toThrow(BackupError);
      const empty = path.join(folder, 'empty');
      await fs.writeFile(empty, gzipSync(''));
      await expect(restoring(empty)).rejects.toThrow(BackupError);
    });

    it('a file that was cut off, at a line or within one', async () => {
      await expect(restoring(await altered('no-footer', (all) => all.slice(0, -1)))).rejects.toThrow('too early');
      const torn = path.join(folder, 'torn');
      const bytes = await fs.readFile(file);
      await fs.writeFile(torn, bytes.subarray(0, bytes.length - 40));
      await expect(restoring(torn)).rejects.toThrow(BackupError);
    });

    it('a file with a row changed, left out or added', async () => {
      const row = (all: string[]) =>
        all.findIndex((line) => line.startsWith('["default","') && line.includes('STRICT'));
      const change = (all: string[]) =>
        all.map((line, index) => (index === row(all) ? line.replace('STRICT', 'DISABLE') : line));
      await expect(restoring(await altered('changed', change))).rejects.toThrow('damaged');
      await expect(
        restoring(await altered('less', (all) => all.filter((_, index) => index !== row(all)))),
      ).rejects.toThrow('damaged');
      await expect(restoring(await altered('more', (all) => [...all, '["x"]']))).rejects.toThrow('after its end');
    });

    it('a database that is in use, which stays as it is', async () => {
      const used = await postgres.freshDatabase();
      await addOrganization(used, { id: 'mine', displayName: 'mine' });
      await expect(restoring(file, used)).rejects.toThrow('not empty');
      const other = createStore({ connectionString: used });
      expect((await other.system.organizations()).map((each) => each.id)).toEqual(['mine']);
      await other.close();
    });

    it('a database that holds tables of something else', async () => {
      const foreign = await postgres.freshDatabase({ empty: true });
      await withClient(foreign, (client) => client.query('CREATE TABLE theirs (id int)'));
      await expect(restoring(file, foreign)).rejects.toThrow('not empty');
    });

    it('a target file in a folder that is not there, leaving nothing behind', async () => {
      await expect(backup({ connectionString: url, file: path.join(folder, 'no', 'file') })).rejects.toThrow('ENOENT');
    });
  });

  describe('a restored database', () => {
    let restored: Store;
    let restoredUrl = '';
    beforeAll(async () => {
      restoredUrl = await postgres.freshDatabase({ empty: true });
      const result = await restore({ connectionString: restoredUrl, file });
      expect(result.epoch).toBe(2);
      restored = createStore({ connectionString: restoredUrl });
    });
    afterAll(() => restored.close());

    it('holds the same rows, except who is connected and what is to be done', async () => {
      const again = path.join(folder, 'again');
      await backup({ connectionString: restoredUrl, file: again });
      const comparable = async (name: string) => {
        const kept: string[] = [];
        let table = '';
        for (const line of (await lines(name)).slice(1, -1)) {
          if (line.startsWith('{')) table = (JSON.parse(line) as { table: string }).table;
          if (table !== 'outbox' && table !== 'agent_session') kept.push(line);
        }
        return kept;
      };
      const before = await comparable(file);
      expect(before.length).toBeGreaterThan(60);
      expect(await comparable(again)).toEqual(before);
    });

    it('raises the epoch, keeps pointers and roots, and moves nothing', async () => {
      expect(await restored.system.epoch()).toBe((await store.system.epoch()) + 1);
      const read = (from: Store) =>
        from.withTenant('default', async (tx) => ({
          targets: await tx.targets.ofCluster('east'),
          heads: await tx.heads.list(),
          specVersion: await tx.resources.specVersion(),
        }));
      expect(await read(restored)).toEqual(await read(store));
    });

    it('has nobody connected, and every global namespace waiting to be looked at', async () => {
      await restored.withTenant('default', async (tx) => {
        expect(await tx.sessions.list()).toMatchObject([{ cluster: 'east', connected: false, session: 1 }]);
        const work = await tx.outbox.claim({ limit: 100, leaseMs: 1 });
        expect(work.some((row) => row.ids['kind'] === 'GlobalNamespace')).toBe(true);
      });
    });

    it('goes on: versions grow from where they stood', async () => {
      const put = () =>
        restored.mutate('other', { actor: 'user:ada', action: 'putResource' }, (tx) =>
          tx.resources.put({ kind: 'Project', project: '', name: 'after', spec: {} }),
        );
      const outcome = await put();
      const before = await store.withTenant('other', (tx) => tx.resources.specVersion());
      expect(outcome).toMatchObject({ outcome: 'created', record: { resourceVersion: String(before + 1) } });
    });
  });

  it('reads one moment, though writing goes on', async () => {
    const busy = (async () => {
      for (let index = 0; index < 20; index += 1) await populate(store, 'other', `busy-${index}`);
    })();
    const during = path.join(folder, 'during');
    await backup({ connectionString: url, file: during });
    await busy;
    await restoring(during);
    expect((await fs.stat(during)).mode & 0o777).toBe(0o600);
  });
});

async function populate(store: Store, org: string, name = 'books'): Promise<void> {
  await store.mutate(org, { actor: 'user:ada', action: 'putResource', ip: '192.0.2.1' }, async (tx) => {
    await tx.resources.put({
      kind: 'GlobalNamespace',
      project: 'shop',
      name,
      labels: { 'ünï/cødé': 'a"b\\c\n{}' },
      spec: { domain: `${name}.global`, members: [{}] },
    });
    const targets = [{ globalNamespace: name }];
    await tx.resources.put({ kind: 'EncryptionPolicy', project: 'shop', name, spec: { targets, mode: 'STRICT' } });
    await tx.tokens.create({ prefix: 'isth_', hash: `${org}-${name}`, name: 'ci', role: 'admin' });
  });
  await store.withTenant(org, async (tx) => {
    await tx.objects.put([{ hash: root, kind: 'blob', bytes: new Uint8Array([0, 1, 255, 10, 13, 34]) }]);
    await tx.heads.publishPolicy({
      gns: name,
      root,
      compilerVersion: 1,
      specVersion: 2,
      issues: [{ code: 'ISM0101' }],
    });
    const next = { epoch: 1, seq: 1, root };
    await tx.heads.publishCatalog({
      gns: name,
      expectedSeq: 0,
      next,
      statement: 's',
      signature: 'g',
      inventoryVersion: 1,
      issues: [],
    });
    const move = { cluster: 'east', gns: name, expectedSeq: 0, next, state: 'ACTIVE' as const, minCatalogSeq: 1 };
    await tx.targets.move([{ ...move, statement: '{"a":1}', signature: 'c2ln', revision: 1 }]);
    const member = { host: `reviews.${name}`, cluster: 'east', namespace: 'shop', service: 'reviews' };
    await tx.members.apply(name, [
      { ...member, expectedVersion: 0, next: 'wanted', enteredSeq: 1, dueAt: new Date(1_000) },
    ]);
    await tx.vips.allocate(name, [{ host: member.host, address: `10.0.0.${name.length}` }]);
    if (name !== 'books') return;
    const hello = { cluster: 'east', gatewayId: 'gw', clusterUid: 'u', agentVersion: '1', address: 'a' };
    await tx.sessions.connect(hello);
    const put = [{ namespace: 'shop', hash: root, body: '{"name":"shop"}', readable: true }];
    const update = { bootId: 'b', seq: 1, root, complete: true, facts: { mesh: {} }, put, remove: [] };
    await tx.inventory.apply({ cluster: 'east', session: 1 }, update);
  });
}
