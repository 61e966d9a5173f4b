import type { Issue, MeshConfigObject } from '@isthmus/domain';
import { createMemoryQueue } from '@isthmus/queue';
import type { Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, shop, World } from './world.fixture.js';

const postgres = await testPostgres();

const plaintext: MeshConfigObject = {
  ...{ kind: 'PeerAuthentication', name: 'plain', selector: { app: 'cart' }, mtls: 'DISABLE' },
};

postgres.suite('what users configured in the meshes', () => {
  let store: Store;
  let world: World;
  beforeAll(async () => {
    ({ store } = await postgres.freshStore());
    world = new World(store);
    await world.startWorker(createMemoryQueue());
    await world.cluster('east');
    await world.cluster('west');
    await world.gns('shop');
    await world.report('west', shop([]));
  });
  afterAll(async () => {
    await world.stop();
    await store.close();
  });

  const configure = (...objects: MeshConfigObject[]): Promise<void> =>
    world.report('east', { ...shop(['cart']), ...(objects.length === 0 ? {} : { meshConfig: { objects } }) });

  async function until(...wanted: string[]): Promise<Issue[]> {
    return eventually(
      async () => {
        const issues = ((await world.head('shop'))?.catalogIssues ?? []) as Issue[];
        const found = issues.filter(({ code }) => code.startsWith('ISM08'));
        return JSON.stringify(found.map(({ code }) => code)) === JSON.stringify(wanted) ? found : undefined;
      },
      `issues ${wanted.join(', ')}`,
    );
  }

  it('is judged whenever it changes, and forgotten when it is gone', async () => {
    await configure({ kind: 'VirtualService', name: 'mine', hosts: ['cart.shop.global'] });
    expect(await until('ISM0803')).toMatchObject([
      { cluster: 'east', resource: { kind: 'VirtualService', name: 'shop/mine' }, severity: 'WARNING' },
    ]);
    const seq = (await world.head('shop'))?.catalogSeq;
    await configure();
    await until();
    expect((await world.head('shop'))?.catalogSeq).toBe(seq);
  });

  it('is judged again when a policy changes what it means', async () => {
    await configure(plaintext);
    await until('ISM0811');
    await world.encryption('encryption', 'shop', 'STRICT');
    expect(await until('ISM0810')).toMatchObject([{ severity: 'ERROR' }]);
    await world.remove('EncryptionPolicy', 'encryption');
    await until('ISM0811');
  });
});
