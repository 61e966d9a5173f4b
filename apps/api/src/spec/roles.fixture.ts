import type { ResourceInput, ScopeRef, Store } from '@isthmus/store';
import { hashToken, newApiToken, shownPrefix } from '../auth/api-token.js';
import type { Answer } from './api.fixture.js';

/** A role somewhere, as specs write it: `Developer@PROJECT:payments`. */
export type GrantText = string;

export function grantOf(text: GrantText): { role: string; scope: ScopeRef } {
  const [role = '', scope = 'ORGANIZATION:'] = text.split('@');
  const [kind = '', name = ''] = scope.split(':');
  return { role, scope: { kind: kind as ScopeRef['kind'], name } };
}

/** A token that holds exactly what is granted to it; its own word is no role. */
export async function tokenWith(store: Store, org: string, ...grants: readonly GrantText[]): Promise<string> {
  const token = newApiToken();
  await store.mutate(org, { actor: 'user:spec', action: 'createApiToken' }, async (tx) => {
    const { id } = await tx.tokens.create({
      ...{ prefix: shownPrefix(token), hash: hashToken(token) },
      ...{ name: 'spec', role: 'none' },
    });
    for (const text of grants) {
      const grant = { ...grantOf(text), expiresAt: undefined, createdBy: 'user:spec' };
      await tx.roleBindings.put({ ...grant, subject: { kind: 'TOKEN', id } });
    }
  });
  return token;
}

/** Sends one operation with a token. */
export async function ask(
  url: string,
  token: string,
  ...[query, variables = {}]: [query: string, variables?: Record<string, unknown>]
): Promise<Answer['body']> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer['body'];
}

const gnsSpec = (domain: string) => ({ domain, members: [{ services: { names: ['cart'] } }] });
const istio = { kind: 'istio' } as const;

/** Resources of two projects, two regions; every name of the second project begins with `hush`. */
export const WORLD: readonly ResourceInput[] = [
  { kind: 'Project', project: '', name: 'payments', spec: {} },
  { kind: 'Project', project: '', name: 'hush-search', spec: {} },
  { kind: 'Cluster', project: '', name: 'east', labels: { region: 'eu' }, spec: { mesh: istio } },
  { kind: 'Cluster', project: '', name: 'hush-west', labels: { region: 'us' }, spec: { mesh: istio } },
  { kind: 'ClusterGroup', project: '', name: 'eu', spec: { clusters: { matchLabels: { region: 'eu' } } } },
  { kind: 'ClusterGroup', project: '', name: 'hush-us', spec: { clusters: { matchLabels: { region: 'us' } } } },
  { kind: 'GlobalNamespace', project: 'payments', name: 'shop', spec: gnsSpec('shop.example') },
  { kind: 'GlobalNamespace', project: 'payments', name: 'cart', spec: gnsSpec('cart.example') },
  { kind: 'GlobalNamespace', project: 'hush-search', name: 'hush-index', spec: gnsSpec('hush-index.example') },
  encryption('payments', 'of-shop', 'shop'),
  encryption('payments', 'of-both', 'shop', 'cart'),
  encryption('hush-search', 'hush-lock', 'hush-index'),
];

function encryption(project: string, name: string, ...gns: string[]): ResourceInput {
  const targets = gns.map((globalNamespace) => ({ globalNamespace }));
  return { kind: 'EncryptionPolicy', project, name, spec: { targets, mode: 'STRICT' } };
}

/** Stores them; answers their uids by `kind/name`. */
export async function fillWorld(
  store: Store,
  org: string,
  world: readonly ResourceInput[] = WORLD,
): Promise<Map<string, string>> {
  return store.mutate(org, { actor: 'user:spec', action: 'applyResources' }, async (tx) => {
    const uids = new Map<string, string>();
    for (const input of world) {
      const put = await tx.resources.put(input);
      if (put.outcome === 'conflict') throw new Error(`conflict over ${input.name}`);
      uids.set(`${input.kind}/${input.name}`, put.record.uid);
    }
    return uids;
  });
}
