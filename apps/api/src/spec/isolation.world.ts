import { RESOURCE_KINDS, isProjectScoped, type ResourceKind } from '@isthmus/domain';
import type { AccountRecord, ResourceInput, Store } from '@isthmus/store';
import { hashToken, newApiToken } from '../auth/api-token.js';
import { nodeId, type NodeType } from '../graphql/node-id.js';
import { sloReport } from './slo-report.world.js';

/** One place of an organization that operations are aimed at, with something of every sort in it. */
export interface Place {
  /** In everything that is stored there, and nowhere else. */
  mark: string;
  project: string;
  /** Of one resource of each kind of projects, of the cluster and of the group. */
  name: string;
  /** Opaque ids by type. */
  ids: Readonly<Record<string, string>>;
  /** A person of the organization. */
  account?: AccountRecord;
}

/** A spec that holds for each kind: total, so that a new kind does not compile without one. */
export const SPECS: Readonly<Record<ResourceKind, (gns: string) => object>> = {
  Project: () => ({}),
  Cluster: () => ({ mesh: { kind: 'istio' } }),
  ClusterGroup: () => ({ clusters: { names: ['none'] } }),
  GlobalNamespace: (gns) => ({ domain: `${gns}.example`, members: [{ services: { names: ['cart'] } }] }),
  EncryptionPolicy: (gns) => ({ targets: [{ globalNamespace: gns }], mode: 'STRICT' }),
  SloPolicy: (gns) => ({
    targets: [{ globalNamespace: gns }],
    indicator: { type: 'AVAILABILITY' },
    objective: '0.995',
    timeWindow: { duration: '28d', isRolling: true },
  }),
  DataGroup: () => ({ members: [{ hosts: ['pay.example.com'], ports: [{ number: 443, protocol: 'TLS' }] }] }),
  EgressPolicy: (gns) => ({ targets: [{ globalNamespace: gns }], default: 'DENY' }),
  ExternalService: (gns) => ({
    targets: [{ globalNamespace: gns }],
    hosts: [`api.${gns}.example.com`],
    ports: [{ number: 443, protocol: 'TLS' }],
  }),
  PublicService: (gns) => ({
    targets: [{ globalNamespace: gns, service: 'cart', port: 8080 }],
    hosts: [`www.${gns}.example.com`],
    gateways: [{ clusters: { names: ['east'] }, namespace: 'istio-ingress', selector: { istio: 'gateway' } }],
    tls: { mode: 'SIMPLE', credential: 'cert' },
  }),
  ServiceGroup: () => ({ members: [{ services: { matchLabels: { tier: 'front' } } }] }),
  TelemetryPolicy: (gns) => ({ targets: [{ globalNamespace: gns }], tracing: { samplingPercent: 5 } }),
  UserGroup: () => ({ members: [{ issuer: 'ci', subjects: ['deployer'] }] }),
  WorkloadSite: () => ({
    cluster: 'east',
    namespace: 'shop',
    services: [{ name: 'ledger', serviceAccount: 'ledger', ports: [{ number: 80, protocol: 'HTTP' }] }],
    workloads: [{ name: 'one', service: 'ledger', address: '172.16.9.4' }],
  }),
  AccessPolicy: (gns) => ({
    targets: [{ globalNamespace: gns }],
    rules: [{ action: 'DENY', from: [{ anyone: true }], to: [{ paths: ['/admin/*'] }] }],
  }),
  AuthenticationPolicy: (gns) => ({
    targets: [{ globalNamespace: gns }],
    issuers: [{ issuer: 'https://login.example.com', jwksUri: 'https://login.example.com/keys' }],
  }),
  TrafficPolicy: (gns) => ({ targets: [{ globalNamespace: gns }], timeout: { request: '1s' } }),
  FailoverPolicy: (gns) => ({
    targets: [{ globalNamespace: gns }],
    failover: { mode: 'ORDERED', tiers: [{ clusters: ['east'] }] },
  }),
};

export interface Planting {
  org: string;
  project: string;
  name: string;
  mark: string;
}

/** Stores something of every sort, all of it marked. */
export async function plant(store: Store, { org, project, name, mark }: Planting): Promise<Place> {
  return store.mutate(org, { actor: 'user:spec', action: 'applyResources' }, async (tx) => {
    const ids: Record<string, string> = {};
    const uids: Record<string, string> = {};
    for (const kind of RESOURCE_KINDS) {
      const put = await tx.resources.put(resourceOf(kind, { project, name, mark }));
      if (put.outcome === 'conflict') throw new Error(`conflict over ${kind} ${name}`);
      uids[kind] = put.record.uid;
      ids[kind] = nodeId(kind, put.record.uid);
    }
    const { Cluster: cluster = '', GlobalNamespace: gns = '', SloPolicy: slo = '' } = uids;
    const standing = { host: '', state: {}, report: sloReport(0.5), evaluatedAt: new Date() };
    await tx.sloStates.write({ gns, slo, shape: '', sealedUntil: new Date(0) }, [standing]);
    await tx.heads.lock(gns);
    await tx.heads.confirmCatalog(gns, 0, [
      { code: 'ISM0202', severity: 'WARNING', path: '', message: `found ${mark}` },
    ]);
    const hold = await tx.holds.hold({ cluster, kind: 'PRUNE', gns, setHash: 'a'.repeat(64), items: [`item ${mark}`] });
    const account = await tx.accounts.signIn(
      { provider: 'spec', issuer: 'https://login.example', subject: mark },
      { name: mark, email: undefined, groups: [mark] },
    );
    const session = await tx.userSessions.create({
      ...{ hash: hashToken(newApiToken()), kind: 'CLI', account: account.id, grant: undefined, device: mark, ip: '' },
      ...{ idleMs: 3_600_000, expiresAt: new Date(Date.now() + 3_600_000) },
    });
    const token = await tx.tokens.create({
      ...{ prefix: 'isth_', hash: hashToken(newApiToken()), name: mark, role: 'viewer' },
      ...{ ownerKind: 'USER', owner: account.id },
    });
    const program = await tx.serviceAccounts.create({ name: mark, description: '', role: '', createdBy: 'user:spec' });
    const { record } = await tx.roleBindings.put({
      ...{ subject: { kind: 'USER', id: mark }, role: 'Viewer', scope: { kind: 'PROJECT', name: project } },
      ...{ expiresAt: undefined, createdBy: 'user:spec' },
    });
    await tx.customRoles.put({ name: `role-${name}`, description: roleMark(mark), permissions: ['Cluster.read'] });
    const id = (type: NodeType, key: string): void => void (ids[type] = nodeId(type, key));
    id('Hold', hold.id);
    id('ApiToken', token.id);
    id('RoleBinding', record.id);
    ids['Session'] = session.id;
    ids['Account'] = account.id;
    ids['ServiceAccount'] = program?.id ?? '';
    return { mark, project, name, ids, account };
  });
}

/** Custom roles belong to the organization as a whole. */
const roleMark = (mark: string): string => (mark.startsWith('zzforeign') ? mark : 'zzown');

/** The resource of a kind as it is planted. */
export function resourceOf(kind: ResourceKind, { project, name, mark }: Omit<Planting, 'org'>): ResourceInput {
  const isScoped = isProjectScoped(kind);
  const annotations = { note: mark };
  const key = { kind, project: isScoped ? project : '', name: kind === 'Project' ? project : name };
  return { ...key, annotations, spec: SPECS[kind](name) };
}

/** A place where nothing is: its names are nobody's, its ids lead nowhere. */
export function nowhere(): Place {
  const types: NodeType[] = [...RESOURCE_KINDS, 'Hold', 'ApiToken', 'RoleBinding'];
  const ids = Object.fromEntries(types.map((type) => [type, nodeId(type, '0190d9c0-0000-7000-8000-000000000000')]));
  return {
    mark: 'zznone',
    project: 'nowhere',
    name: 'nix',
    ids: { ...ids, Session: 'none', Account: 'none', ServiceAccount: 'none' },
  };
}
