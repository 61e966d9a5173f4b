import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Product, eventually } from './product.fixture.js';

const CLUSTERS = ['east', 'west', 'onprem'];
const BULK = Array.from({ length: 60 }, (_, at) => `bulk-${String(at).padStart(2, '0')}`);
let product: Product;

interface Hold {
  id: string;
  kind: string;
  count: number;
  heldSetHash: string;
  approvedAt: string | null;
  items: string[];
}

const holds = async (): Promise<Hold[]> => {
  const query = '{ holds(first: 100) { nodes { id kind count heldSetHash approvedAt items } } }';
  return (await product.graphql<{ holds: { nodes: Hold[] } }>(query)).holds.nodes;
};

/** Watches what waits for a person while something goes on; answers the kinds of all that ever waited, one for each hold. */
async function holdsDuring(going: (note: () => Promise<Hold[]>) => Promise<void>): Promise<string[]> {
  const seen = new Map<string, string>();
  const note = async (): Promise<Hold[]> => {
    const found = await holds();
    for (const { id, kind } of found) seen.set(id, kind);
    return found;
  };
  await going(note);
  await note();
  return [...seen.values()];
}

const approve = (holdId: string, heldSetHash: string): Promise<{ error: { code: string } | null }> =>
  product
    .graphql<{ approvePrune: { error: { code: string } | null } }>(
      'mutation ($input: ApprovePruneInput!) { approvePrune(input: $input) { error { code } } }',
      { input: { holdId, heldSetHash } },
    )
    .then(({ approvePrune }) => approvePrune);

const rules = (exclude: readonly string[]): Promise<void> =>
  product.apply(`apiVersion: isthmus.dev/v1alpha1
kind: GlobalNamespace
metadata: {name: bookinfo}
spec:
  domain: bookinfo.global
  members: [{clusters: {names: [east, west, onprem]}, namespaces: {names: [bookinfo]}}]
  consumers: [{namespaces: {names: [shop]}}]
  exclude: [{services: {names: [none, ${exclude.join(', ')}]}}]
`);

const service = (name: string): string => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: bookinfo}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 9080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: bookinfo}
spec:
  template:
    metadata: {labels: {app: ${name}}}
    spec: {serviceAccountName: ${name}, containers: [{name: app, ports: [{containerPort: 9080}]}]}
`;
const bulkFile = (): string => join(product.manifests('east'), 'bulk.yaml');

const renderedCount = async (name: string): Promise<number> => {
  const texts = await Promise.all(CLUSTERS.map((cluster) => product.rendered(cluster)));
  return texts.filter((text) => text.includes(`${name}.bookinfo.global`)).length;
};
const isEverywhere = (name: string): Promise<true> =>
  eventually(`${name} everywhere`, async () => (await renderedCount(name)) === CLUSTERS.length || undefined, 120_000);
const isNowhere = (name: string, note: () => Promise<unknown>): Promise<true> =>
  eventually(
    `${name} nowhere`,
    async () => {
      await note();
      return (await renderedCount(name)) === 0 || undefined;
    },
    150_000,
  );
const oneHold = (kind: string): Promise<Hold> =>
  eventually(`a ${kind} hold`, async () => (await holds()).find((hold) => hold.kind === kind), 120_000);

beforeAll(async () => {
  product = await Product.create();
  await product.start();
  await isEverywhere('ratings');
});

afterAll(async () => {
  await product.remove();
});

describe('an intended removal', () => {
  it('of one host of four needs nobody', async () => {
    const seen = await holdsDuring(async (note) => {
      await rules(['ratings']);
      await isNowhere('ratings', note);
    });
    expect(seen).toEqual([]);
    expect(await renderedCount('reviews')).toBe(CLUSTERS.length);
  });

  it('of sixty deleted services needs one approval, and then they are gone in every cluster', async () => {
    await writeFile(bulkFile(), BULK.map(service).join('---\n'));
    for (const name of [BULK[0], BULK[59]]) await isEverywhere(name ?? '');
    const seen = await holdsDuring(async (note) => {
      await rm(bulkFile());
      const held = await oneHold('INTAKE');
      expect(held).toMatchObject({ count: 60, approvedAt: null });
      expect(held.items).toContain(`service/bookinfo/${BULK[0] ?? ''}`);
      expect(await renderedCount(BULK[59] ?? '')).toBe(CLUSTERS.length);
      expect((await approve(held.id, held.heldSetHash)).error).toBeNull();
      for (const name of BULK) await isNowhere(name, note);
    });
    expect(seen).toEqual(['INTAKE']);
    await eventually('no hold', async () => (await holds()).length === 0 || undefined);
  });

  it('of sixty services by a rule is asked for once, follows policies meanwhile, and lapses when it grows', async () => {
    await writeFile(bulkFile(), BULK.map(service).join('---\n'));
    for (const name of [BULK[0], BULK[59]]) await isEverywhere(name ?? '');
    const seen = await holdsDuring(async (note) => {
      await rules(['ratings', ...BULK.slice(1)]);
      const first = await oneHold('DRAIN');
      expect(first).toMatchObject({ count: 59, approvedAt: null });
      await product.apply(
        `apiVersion: isthmus.dev/v1alpha1\nkind: EncryptionPolicy\nmetadata: {name: bookinfo-strict}\nspec: {targets: [{globalNamespace: bookinfo}], mode: PERMISSIVE}`,
      );
      await eventually('no STRICT anywhere', async () => {
        const texts = await Promise.all(CLUSTERS.map((cluster) => product.rendered(cluster)));
        return texts.every((text) => !text.includes('mode: STRICT')) || undefined;
      });
      expect(await renderedCount(BULK[59] ?? '')).toBe(CLUSTERS.length);
      await rules(['ratings', ...BULK]);
      const grown = await eventually('a grown set', async () => (await note()).find(({ count }) => count === 60));
      expect(grown.id).toBe(first.id);
      expect((await approve(first.id, first.heldSetHash)).error).toMatchObject({ code: 'CONFLICT' });
      expect((await approve(grown.id, grown.heldSetHash)).error).toBeNull();
      for (const name of BULK) await isNowhere(name, note);
    });
    expect(seen).toEqual(['DRAIN']);
    expect(await holds()).toEqual([]);
  });

  it('stands in the audit log with who decided it', async () => {
    const { auditLog } = await product.graphql<{ auditLog: { nodes: { action: string; actor: string }[] } }>(
      '{ auditLog(first: 100) { nodes { action actor } } }',
    );
    const removals = auditLog.nodes.filter(({ action }) => action === 'removeMembers');
    expect(new Set(removals.map(({ actor }) => actor))).toEqual(new Set(['system:worker']));
    expect(removals).toHaveLength(3);
    expect(auditLog.nodes.filter(({ action }) => action === 'approvePrune')).toHaveLength(2);
  });
});
