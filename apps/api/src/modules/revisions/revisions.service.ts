import { Inject, Injectable } from '@nestjs/common';
import { diffTrees, EMPTY_TREE, type Tree } from '@isthmus/domain';
import type { Page, PageRequest, RevisionRecord, Store, TenantTx } from '@isthmus/store';
import { withoutHiddenPolicies } from '../../auth/hidden-policies.js';
import type { Secrecy } from '../../auth/secrecy.js';
import { authorize, type Viewer } from '../../auth/viewer.js';
import { STORE } from '../../core/tokens.js';
import { treeIn } from '../../core/tree-nodes.js';
import type { Loaders } from '../../graphql/loaders.js';
import { sees } from '../../graphql/sight.js';
import { unifiedDiff } from '../../preview/unified-diff.js';

export interface RevisionModel extends RevisionRecord {
  typename: 'Revision';
}

export interface EntryChange {
  name: string;
  change: 'ADDED' | 'CHANGED' | 'REMOVED';
  diff: string;
}

export interface RevisionDiffModel {
  from: number;
  to: number;
  changes: EntryChange[];
}

interface RevisionKey {
  gns: string;
  number: number;
}

const modelOf = (record: RevisionRecord): RevisionModel => ({ typename: 'Revision', ...record });

/** Reads of revisions and their trees. */
@Injectable()
export class RevisionsService {
  constructor(@Inject(STORE) private readonly store: Store) {}

  async get(viewer: Viewer, { gns, number }: RevisionKey, loaders: Loaders): Promise<RevisionModel | undefined> {
    if (!(await isReadable(viewer, gns, loaders))) return undefined;
    if (!Number.isSafeInteger(number) || number < 1 || number > 2 ** 31 - 1) return undefined;
    const record = await loaders.read((tx) => tx.revisions.get(gns, number));
    return record && modelOf(record);
  }

  async list(
    viewer: Viewer,
    { gns, page }: { gns: string; page: PageRequest },
    loaders: Loaders,
  ): Promise<Page<RevisionModel>> {
    if (!(await isReadable(viewer, gns, loaders))) return { items: [], hasNextPage: false };
    const { items, hasNextPage } = await loaders.read((tx) => tx.revisions.list(gns, page));
    return { items: items.map(({ cursor, record }) => ({ cursor, record: modelOf(record) })), hasNextPage };
  }

  /** Name and body of every entry, by name. */
  async entries(
    viewer: Viewer,
    { gns, root }: RevisionRecord,
    loaders: Loaders,
  ): Promise<{ name: string; body: unknown }[]> {
    if (!(await isReadable(viewer, gns, loaders))) return [];
    const secrecy = await loaders.secrecy.load('all');
    const tree = await this.store.withTenant(viewer.org, (tx) => treeIn(tx, root));
    return [...tree.entries.values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, body }) => ({ name, body: withoutHiddenPolicies(JSON.parse(body) as unknown, secrecy) }));
  }

  async diff(
    viewer: Viewer,
    { gns, ...range }: { gns: string; from: number; to: number },
    loaders: Loaders,
  ): Promise<RevisionDiffModel | undefined> {
    if (!(await isReadable(viewer, gns, loaders))) return undefined;
    const secrecy = await loaders.secrecy.load('all');
    return this.store.withTenant(viewer.org, async (tx) => {
      const [from, to] = [await this.tree(tx, gns, range.from), await this.tree(tx, gns, range.to)];
      return from === undefined || to === undefined ? undefined : { ...range, changes: changesOf(from, to, secrecy) };
    });
  }

  private async tree(tx: TenantTx, gns: string, number: number): Promise<Tree | undefined> {
    if (number === 0) return EMPTY_TREE;
    const record = number > 0 && number < 2 ** 31 ? await tx.revisions.get(gns, number) : undefined;
    return record && treeIn(tx, record.root);
  }
}

async function isReadable(viewer: Viewer, gns: string, loaders: Loaders): Promise<boolean> {
  return sees(authorize(viewer, 'GlobalNamespace.read'), { kind: 'GlobalNamespace', uid: gns }, loaders);
}

function changesOf(from: Tree, to: Tree, secrecy: Secrecy): EntryChange[] {
  const pretty = (body: string | undefined) => prettyOf(body, secrecy);
  const { put, remove } = diffTrees(from, to);
  const written = put.map(({ name, body }): EntryChange => {
    const before = from.entries.get(name)?.body;
    return {
      name,
      change: before === undefined ? 'ADDED' : 'CHANGED',
      diff: unifiedDiff(name, pretty(before), pretty(body)),
    };
  });
  const removed = remove.map((name): EntryChange => ({
    name,
    change: 'REMOVED',
    diff: unifiedDiff(name, pretty(from.entries.get(name)?.body), ''),
  }));
  return [...written, ...removed].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const prettyOf = (body: string | undefined, secrecy: Secrecy): string =>
  body === undefined ? '' : `${JSON.stringify(withoutHiddenPolicies(JSON.parse(body) as unknown, secrecy), null, 2)}\n`;
