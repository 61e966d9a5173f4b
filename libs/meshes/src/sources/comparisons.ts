import {
  FEATURE_KINDS,
  FEATURE_MERGE,
  HostPolicies,
  type BlockEntry,
  type GnsView,
  type HostView,
  type LocalFacts,
  type PublicEntry,
} from '@isthmus/domain';

/** A resource that an object comes from. */
export interface ObjectSource {
  kind: string;
  project: string;
  name: string;
}

/** What is rendered at once: the objects of one host, or without one those of the whole global namespace. */
export interface Part {
  view: GnsView;
  host?: HostView;
}

/** An object comes from the source if it differs between the two. */
export interface Comparison {
  source: ObjectSource;
  with: Part;
  without: Part;
}

const sourceText = ({ kind, project, name }: ObjectSource): string => `${kind}/${project}/${name}`;

/** Each source once. */
function distinct(sources: readonly ObjectSource[]): ObjectSource[] {
  return [...new Map(sources.map((one) => [sourceText(one), one])).values()];
}

/** Every comparison that tells where the objects of a part come from; `encryption` is the policy whose mode the view has. */
export function comparisonsOf(part: Part, local: LocalFacts, encryption: ObjectSource | undefined): Comparison[] {
  const held = holding(part, local);
  return [
    ...ofPolicies(held),
    ...ofEncryption(held, encryption),
    ...ofGroups(held),
    ...ofUserGroups(held),
    ...(held.host === undefined ? ofOutside(held) : ofPublication(held, held.host)),
  ];
}

/** The part without what lost: else a policy that lost would take the place of the one that is taken away, and say the same. */
function holding({ view, host }: Part, local: LocalFacts): Part {
  const policies = new HostPolicies({ ...view, ...local }, host ?? {});
  const ports = [undefined, ...(host?.host.ports ?? []).map(({ number }) => number)];
  const holds = new Set<BlockEntry>(
    FEATURE_KINDS.flatMap((kind) => ports.flatMap((port): BlockEntry[] => policies.explain(kind, port).holds)),
  );
  return withBlocks({ view, ...(host && { host }) }, (block) => holds.has(block));
}

function withBlocks({ view, host }: Part, isKept: (block: BlockEntry) => boolean): Part {
  return {
    view: { ...view, blocks: (view.blocks ?? []).filter(isKept) },
    ...(host && { host: { ...host, blocks: (host.blocks ?? []).filter(isKept) } }),
  };
}

const blocksOf = ({ view, host }: Part): BlockEntry[] => [...(view.blocks ?? []), ...(host?.blocks ?? [])];

/** Where several hold together, two that say the same hide each other: each of them is compared alone with none, too. */
function ofPolicies(part: Part): Comparison[] {
  return distinct(blocksOf(part).map(({ policy }) => policy)).flatMap((source): Comparison[] => {
    const isOwn = ({ policy }: BlockEntry): boolean => sourceText(policy) === sourceText(source);
    const taken = { source, with: part, without: withBlocks(part, (block) => !isOwn(block)) };
    const mayHide = blocksOf(part).some((block) => isOwn(block) && FEATURE_MERGE[block.feature.kind] === 'UNION');
    const alone = { source, with: withBlocks(part, isOwn), without: withBlocks(part, () => false) };
    return mayHide ? [taken, alone] : [taken];
  });
}

function ofEncryption(part: Part, source: ObjectSource | undefined): Comparison[] {
  if (source === undefined || part.view.encryption === undefined) return [];
  const { encryption: _mode, ...view } = part.view;
  return [{ source, with: part, without: { ...part, view } }];
}

/** Groups that what holds is said of, or whose members it names as callers. */
function ofGroups(part: Part): Comparison[] {
  const { view, host } = part;
  const blocks = blocksOf(part);
  const named = new Set([...blocks.flatMap(({ group }) => group ?? []), ...callersIn(blocks, 'serviceGroups')]);
  return (view.groups ?? [])
    .filter(({ name }) => named.has(name))
    .map(({ name }) => ({
      source: { kind: 'ServiceGroup', project: view.gns.project, name },
      with: part,
      without: {
        view: { ...view, groups: (view.groups ?? []).filter((group) => group.name !== name) },
        ...(host && { host: { ...host, groups: (host.groups ?? []).filter((group) => group !== name) } }),
      },
    }));
}

function ofUserGroups(part: Part): Comparison[] {
  const { view } = part;
  const named = new Set(callersIn(blocksOf(part), 'userGroups'));
  return (view.userGroups ?? [])
    .filter(({ name }) => named.has(name))
    .map((one) => ({
      source: { kind: 'UserGroup', project: one.project, name: one.name },
      with: part,
      without: { ...part, view: { ...view, userGroups: (view.userGroups ?? []).filter((other) => other !== one) } },
    }));
}

/** Names of callers in the rules of blocks. */
function callersIn(blocks: readonly BlockEntry[], field: 'serviceGroups' | 'userGroups'): string[] {
  return blocks.flatMap(({ feature }) =>
    feature.kind === 'authorization'
      ? (feature.rules ?? []).flatMap(({ from }) => from.flatMap((callers) => callers[field] ?? []))
      : [],
  );
}

/** There may be many: each is compared alone with none, so that all of them cost no more than twice what they render to. */
function ofOutside({ view }: Part): Comparison[] {
  const { externals = [], ...bare } = view;
  const without: Part = { view: { ...bare, publics: [] } };
  return [
    ...externals.map((one) => ({
      source: { kind: 'ExternalService', project: one.project, name: one.name },
      with: { view: { ...without.view, externals: [one] } },
      without,
    })),
    ...ofPublics({ view: without.view }, view.publics ?? []),
  ];
}

/** Two that lead to one host through one gateway hide each other, so each is compared alone. */
function ofPublics(without: Part, publics: readonly PublicEntry[]): Comparison[] {
  return publics.map((one) => ({
    source: { kind: 'PublicService', project: one.project, name: one.name },
    with: { ...without, view: { ...without.view, publics: [one] } },
    without,
  }));
}

function ofPublication(part: Part, { host }: HostView): Comparison[] {
  const publics = (part.view.publics ?? []).filter(({ routes }) => routes.some((route) => route.host === host.host));
  return ofPublics({ ...part, view: { ...part.view, publics: [] } }, publics);
}
