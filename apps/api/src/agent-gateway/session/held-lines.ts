import { EMPTY_ROOT } from '@isthmus/domain';
import type { HeldLine } from '@isthmus/protocol';
import type { HeadRecord, LineTree, TargetRecord, TenantTx } from '@isthmus/store';

/** What an agent says that it holds, and where its cluster is sent. */
export interface Hello {
  lines: readonly HeldLine[];
  targets: readonly TargetRecord[];
  heads: readonly HeadRecord[];
}

/**
 * The lines without trees that the cluster was never given on them: what changed since a tree tells names in it, so that whoever knows
 * the hash of somebody else's would learn them. Without a tree the whole one of now is sent.
 */
export async function heldLines(tx: Pick<TenantTx, 'targets'>, cluster: string, hello: Hello): Promise<HeldLine[]> {
  const current = currentTrees(hello);
  const asked = hello.lines.flatMap((line) => treeOf(line) ?? []).filter((tree) => !current.has(keyOf(tree)));
  const given = new Set([...current, ...(await tx.targets.given(cluster, asked)).map(keyOf)]);
  return hello.lines.map((line) => {
    const tree = treeOf(line);
    return line.have === EMPTY_ROOT || (tree !== undefined && given.has(keyOf(tree)))
      ? line
      : { ...line, have: undefined };
  });
}

function treeOf({ gns, line, have }: HeldLine): LineTree | undefined {
  return have === undefined || line === 'cluster' ? undefined : { gns, line, root: have };
}

/** Where most agents are when they come back: nothing has to be asked for these. */
function currentTrees({ targets, heads }: Hello): Set<string> {
  const open = targets.filter(({ state }) => state !== 'CLOSED');
  const followed = new Set(open.map(({ gns }) => gns));
  const catalogs = heads.filter(({ gns }) => followed.has(gns));
  return new Set([
    ...open.map(({ gns, ref }) => keyOf({ gns, line: 'policy', root: ref.root })),
    ...catalogs.map(({ gns, catalogRoot }) => keyOf({ gns, line: 'catalog', root: catalogRoot ?? EMPTY_ROOT })),
  ]);
}

const keyOf = ({ gns, line, root }: LineTree): string => `${gns}/${line}/${root}`;
