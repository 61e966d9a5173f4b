import { buildTree, entry, type Tree } from '@isthmus/domain';
import type { GatewayMessageOf, Position } from '@isthmus/protocol';
import type { Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { enrolled, KUBERNETES_UID } from './agent-matrix-world.fixture.js';
import { Centre, ORG } from './centre.fixture.js';
import { eventually } from './directory-agent.fixture.js';
import { RawStream } from './raw-stream.fixture.js';

const postgres = await testPostgres();
const treeOf = (...names: string[]): Tree => buildTree(names.map((name) => entry(`note/${name}`, { mark: name })));

postgres.suite('the difference that an agent is sent when it comes back', () => {
  let store: Store;
  let centre: Centre;
  let identity: Awaited<ReturnType<typeof enrolled>>;
  let cluster = '';
  const gns = 'g';
  beforeAll(async () => {
    ({ store } = await postgres.freshStore({ orgs: [ORG] }));
    centre = new Centre(store);
    await centre.start();
    cluster = await centre.addCluster('own');
    identity = await enrolled(centre, await centre.token(cluster));
    for (const tree of [treeOf('a', 'b'), treeOf('b', 'c'), treeOf('c', 'd')]) {
      await centre.publishPolicy({ cluster, gns }, tree);
      await centre.publishCatalog(gns, tree);
    }
    // Of the same organization, and stored: but never where this cluster was sent.
    const other = await centre.addCluster('other');
    await centre.publishPolicy({ cluster: other, gns: 'theirs' }, treeOf('d', 'zzsecret'));
    await centre.publishCatalog('theirs', treeOf('d', 'zzsecret'));
  });
  afterAll(async () => {
    await centre.stop();
    await store.close();
  });

  const syncs = async (have: string): Promise<Map<Position['line'], GatewayMessageOf<'sync'>['delta']>> => {
    const at = { gns, epoch: 1, seq: 1, root: have, have };
    const stream = await RawStream.open(centre, identity);
    const lines = (['policy', 'catalog'] as const).map((line) => ({ ...at, line }));
    stream.hello({ clusterUid: KUBERNETES_UID, lines });
    const sent = () =>
      stream.messages.filter((message): message is GatewayMessageOf<'sync'> => message.type === 'sync');
    await eventually(() => sent().length >= 2 || undefined, 'both lines are sent');
    stream.close();
    return new Map(sent().map(({ statement, delta }) => [statement.line, delta]));
  };
  const names = (delta: GatewayMessageOf<'sync'>['delta'] | undefined) => ({
    put: delta?.put.map(({ name }) => name),
    remove: delta?.remove,
  });

  it('is the whole tree where the one that it says it holds was never given to it, although it is there', async () => {
    const sent = await syncs(treeOf('d', 'zzsecret').root);
    for (const line of ['policy', 'catalog'] as const)
      expect(names(sent.get(line))).toEqual({ put: ['note/c', 'note/d'], remove: [] });
  });

  it('is no more than that where it was given before, also long ago', async () => {
    const first = await syncs(treeOf('a', 'b').root);
    const second = await syncs(treeOf('b', 'c').root);
    for (const line of ['policy', 'catalog'] as const) {
      expect(names(first.get(line))).toEqual({ put: ['note/c', 'note/d'], remove: ['note/a', 'note/b'] });
      expect(names(second.get(line))).toEqual({ put: ['note/d'], remove: ['note/b'] });
    }
  });
});
