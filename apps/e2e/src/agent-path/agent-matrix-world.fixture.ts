import { X509Certificate } from 'node:crypto';
import { enrol } from '@isthmus/agent';
import type { Identity } from '@isthmus/agent';
import { buildTree, entry } from '@isthmus/domain';
import { encodeFacts, encodeNamespace } from '@isthmus/protocol';
import type { Position, WireEntry } from '@isthmus/protocol';
import pg from 'pg';
import type { Centre } from './centre.fixture.js';
import { forge } from './forgery.fixture.js';
import type { Victim } from './forgery.fixture.js';

export const KUBERNETES_UID = 'uid-1';

/** Something that messages are aimed at, with all that one can know of it. */
export interface Place {
  org: string;
  cluster: string;
  /** Name of the cluster; in everything that is stored there, and nowhere else. */
  mark: string;
  gns: string;
  host: string;
  bootId: string;
  policy: Position;
  catalog: Position;
  /** One namespace with one service. */
  inventory: { root: string; put: WireEntry[] };
  /** A request for a certificate that claims to be this cluster's. */
  csr: string;
  identity: Identity | undefined;
}

/** A cluster with an agent, a global namespace of its own with two trees, and a member in it. */
export async function plant(
  { centre, door, where }: { centre: Centre; door: Centre; where: string },
  mark: string,
): Promise<Place> {
  const cluster = await centre.addCluster(mark);
  const identity = await enrolled(door, await centre.token(cluster));
  const place = { ...(await placeOf({ org: centre.org, cluster, where }, mark)), identity };
  const trees = treesOf(mark);
  const catalogSeq = await centre.publishCatalog(place.gns, trees.catalog);
  const seq = await centre.publishPolicy({ cluster, gns: place.gns }, trees.policy);
  const epoch = await centre.store.system.epoch();
  await centre.store.withTenant(centre.org, (tx) =>
    tx.members.apply(place.gns, [
      {
        ...{ host: place.host, cluster: mark, namespace: 'shop', service: 'cart' },
        ...{ expectedVersion: 0, next: 'served', enteredSeq: 1 },
      },
    ]),
  );
  return {
    ...place,
    policy: { ...place.policy, epoch, seq },
    catalog: { ...place.catalog, epoch, seq: catalogSeq },
  };
}

/** Where nothing is: its names are nobody's. */
export function nowhere(): Promise<Place> {
  return placeOf({ org: 'nowhere', cluster: '0190d9c0-0000-7000-8000-000000000000', where: 'nowhere' }, 'zznone');
}

const treesOf = (mark: string) => ({
  policy: buildTree([entry('gns', { kind: 'gns', name: mark }), entry(`note/${mark}`, { mark })]),
  catalog: buildTree([entry(`host/cart.${mark}.example`, { kind: 'host', host: mark })]),
});

async function placeOf(
  { org, cluster, where }: { org: string; cluster: string; where: string },
  mark: string,
): Promise<Place> {
  const { policy, catalog } = treesOf(mark);
  const gns = `g-${where}`;
  const at = { gns, epoch: 1, seq: 1 };
  const made = ['shop', mark].map((name) =>
    encodeNamespace({ name, labels: { mark }, readable: true, services: [], workloads: [] }),
  );
  const entries = [encodeFacts({ mesh: {}, gateways: [] }), ...made].filter((one) => one !== undefined);
  const put = entries.map(({ name, hash, body }) => ({ name, hash, body }));
  return {
    ...{ org, cluster, mark, gns, host: `cart.${mark}.example`, bootId: `boot-${where}`, identity: undefined },
    policy: { ...at, line: 'policy', root: policy.root },
    catalog: { ...at, line: 'catalog', root: catalog.root },
    inventory: { root: buildTree(entries).root, put },
    csr: await requestNaming({ org, cluster, name: mark }),
  };
}

/** A whole request that claims to be somebody in every way that a request can. */
async function requestNaming(claimed: Pick<Victim, 'org' | 'cluster' | 'name'>): Promise<string> {
  const victim = { ...claimed, csr: '', certificate: '' };
  const claim = {
    subject: 'victim-uri',
    names: ['victim-uri', 'server-dns'],
    asks: ['authority', 'server-auth'],
  } as const;
  const { csr } = await forge({ ...claim, bytes: 'whole', at: 0, beside: {} }, { self: victim, victim });
  return csr;
}

/** An identity for a token. */
export async function enrolled(door: Centre, token: string): Promise<Identity> {
  const dial = { gateway: door.url, ca: door.gateway.caPem, clusterUid: KUBERNETES_UID, agentVersion: 'spec' };
  const result = await enrol({ ...dial, token });
  if (!result.ok) throw new Error(result.message);
  return result.identity;
}

/** What a certificate says whose it is. */
export const subjectOf = (pem: string): string => new X509Certificate(pem).subjectAltName ?? '';

interface Row {
  org: string;
  text: string;
}

function isOf({ org, text }: Row, place: Place, self: Place): boolean {
  if (place.org !== self.org) return org === place.org;
  return [place.cluster, place.gns, place.mark].some((word) => text.includes(word));
}

/** All rows of organizations, past every guard. */
export class Rows {
  private constructor(private readonly client: pg.Client) {}

  static async over(connectionString: string): Promise<Rows> {
    const client = new pg.Client({ connectionString });
    await client.connect();
    return new Rows(client);
  }

  /** By place: rows of another organization, and those of one's own that tell of the place. */
  async of(all: readonly Place[], self: Place): Promise<string[]> {
    const rows = await this.all();
    return all.flatMap((place) => rows.filter((row) => isOf(row, place, self)).map(({ text }) => text));
  }

  private async all(): Promise<Row[]> {
    const { rows: tables } = await this.client.query<{ name: string }>(TENANT_TABLES);
    const parts = tables.map(
      ({ name }) => `SELECT org_id AS org, '${name} ' || to_jsonb(t)::text AS text FROM "${name}" t`,
    );
    const { rows } = await this.client.query<Row>(`${parts.join(' UNION ALL ')} ORDER BY text`);
    return rows;
  }

  end(): Promise<void> {
    return this.client.end();
  }
}

const TENANT_TABLES = `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
  WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`;
