import * as z from 'zod';
import { byCodeUnit } from '../../tree/canonical.js';
import { word } from './feature-fields.js';
import { FEATURE_MERGE, featureSchema, type Feature, type FeatureKind, type FeatureOf } from './features.js';

/** Scopes from wide to narrow. */
export const SCOPES = ['ORGANIZATION', 'PROJECT', 'GLOBAL_NAMESPACE', 'SERVICE_GROUP', 'SERVICE', 'PORT'] as const;
export type Scope = (typeof SCOPES)[number];

/** Body of a `…/block/<feature>/<project>/<kind>/<name>` entry: what one policy says of one feature at one place. */
export const blockSchema = z.strictObject({
  kind: z.literal('block'),
  scope: z.enum(SCOPES),
  /** With scope SERVICE_GROUP. */
  group: word.optional(),
  /** With scope PORT. */
  port: z.int().min(1).max(65_535).optional(),
  enforced: z.literal(true).optional(),
  policy: z.strictObject({ kind: word, project: word, name: word }),
  feature: featureSchema,
});

export type BlockEntry = z.output<typeof blockSchema>;

/** A block of one kind of feature. */
export type BlockOf<K extends FeatureKind> = BlockEntry & { feature: FeatureOf<K> };

const rank = ({ scope }: BlockEntry): number => SCOPES.indexOf(scope);

/** Enforced ones first, the widest of them first; then the rest, the narrowest first; ties by project, name and kind of the policy. */
export function byPrecedence(a: BlockEntry, b: BlockEntry): number {
  if (a.enforced !== b.enforced) return a.enforced === true ? -1 : 1;
  const scope = a.enforced === true ? rank(a) - rank(b) : rank(b) - rank(a);
  return scope || byCodeUnit(policyText(a), policyText(b));
}

const policyText = ({ policy, group = '' }: BlockEntry): string =>
  [policy.project, policy.name, policy.kind, group].join('/');

/** The instant from which a block is as if it were not there, in milliseconds since 1970; undefined: it stays. */
export function expiryOf({ feature }: BlockEntry): number | undefined {
  return feature.kind === 'faults' ? feature.expiresAtMs : undefined;
}

/** True if the block has ended by an instant that has passed. */
export function hasExpired(block: BlockEntry, passed: number | undefined): boolean {
  const expiry = expiryOf(block);
  return expiry !== undefined && passed !== undefined && expiry <= passed;
}

/** Blocks of one kind that hold for a host or one of its ports, in order of precedence. Without a port only whole-host ones. */
export function blocksFor<K extends FeatureKind>(
  blocks: readonly BlockEntry[],
  kind: K,
  at: { groups: ReadonlySet<string>; port?: number },
): BlockOf<K>[] {
  const isHere = ({ scope, group, port }: BlockEntry): boolean => {
    if (scope === 'PORT') return port !== undefined && port === at.port;
    return scope === 'SERVICE_GROUP' ? group !== undefined && at.groups.has(group) : true;
  };
  return blocks.filter((block): block is BlockOf<K> => block.feature.kind === kind && isHere(block)).sort(byPrecedence);
}

/** Of blocks in order of precedence, those that hold: the first, or all where they hold together. */
export function winnersOf<B extends { feature: Feature }>(kind: FeatureKind, sorted: readonly B[]): B[] {
  return FEATURE_MERGE[kind] === 'UNION' ? [...sorted] : sorted.slice(0, 1);
}
