import { diffTrees } from '../tree/delta.js';
import { hostOf } from '../tree/entry.js';
import type { Tree } from '../tree/types.js';

/** A resource that somebody changed, and who it was. */
export interface ResourceChange {
  kind: string;
  project: string;
  name: string;
  actor: string;
}

/** What a change of policies may have taken away, and by whose decision. `host` undefined: anywhere in the global namespace. */
export interface DecidedChange {
  host: string | undefined;
  by: string;
}

/** A change of one entry that may take objects away, of one host or (undefined) anywhere, with what may be behind it. */
export interface PolicyLoss {
  host: string | undefined;
  isCause: (change: ResourceChange) => boolean;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** True if all of `before` is in `after`; numbers may differ as long as none becomes 0, which switches things off. */
function isKept(before: unknown, after: unknown): boolean {
  if (typeof before === 'number' && typeof after === 'number') return before === after || after !== 0;
  if (!isRecord(before) || !isRecord(after)) return before === after;
  return Object.entries(before).every(([key, value]) => isKept(value, after[key]));
}

const BLOCK = /^(?:gns|host\/[^/]+)\/block\/([^/]+)\//;
const SLO = /^(?:gns|host\/[^/]+)\/slo\//;

const featureOf = (name: string): string | undefined => BLOCK.exec(name)?.[1];

/** Features that some policy says something of: what is said anew may outdo that. */
function featuresIn(tree: Tree): ReadonlySet<string | undefined> {
  return new Set([...tree.entries.keys()].map(featureOf));
}

function isHarmless(name: string, { before, after }: Trees, features: ReadonlySet<string | undefined>): boolean {
  if (SLO.test(name)) return true;
  const [old, next] = [before.entries.get(name), after.entries.get(name)];
  if (old !== undefined) return next !== undefined && isKept(JSON.parse(old.body), JSON.parse(next.body));
  const feature = featureOf(name);
  return feature === undefined ? !name.startsWith('gns/group/') : !features.has(feature);
}

const FLEET = ['Cluster', 'ClusterGroup'];

/** Kinds of which any resource may change entries of this sort. */
function feedingKinds(name: string): readonly string[] {
  if (name === 'gns' || name.startsWith('gns/group/')) return FLEET;
  if (name === 'gns/encryption') return ['EncryptionPolicy'];
  if (name.startsWith('gns/external/')) return ['ExternalService'];
  if (name.startsWith('gns/public/')) return ['PublicService', ...FLEET];
  return BLOCK.test(name) ? ['DataGroup'] : [];
}

/** The resources that the body, or the name, of an entry says it is from: `kind/project/name`. */
function sourcesOf(name: string, body: string, project: string): string[] {
  const content = JSON.parse(body) as { name?: string; project?: string; policy?: Omit<ResourceChange, 'actor'> };
  if (content.policy !== undefined) return [keyOf(content.policy)];
  if (name.startsWith('gns/group/')) return [`ServiceGroup/${project}/${content.name ?? ''}`];
  if (name.startsWith('gns/user-group/')) return [`UserGroup/${content.project ?? ''}/${content.name ?? ''}`];
  return [];
}

const keyOf = ({ kind, project, name }: Omit<ResourceChange, 'actor'>): string => `${kind}/${project}/${name}`;

/** The policy tree in force and the next one, of one global namespace. */
export interface Trees {
  before: Tree;
  after: Tree;
  gns: { project: string; name: string };
}

function lossOf(entryName: string, { before, after, gns }: Trees): PolicyLoss {
  const bodies = [before, after].flatMap((tree) => tree.entries.get(entryName)?.body ?? []);
  const sources = new Set(bodies.flatMap((body) => sourcesOf(entryName, body, gns.project)));
  sources.add(keyOf({ kind: 'GlobalNamespace', ...gns }));
  const feeding = new Set(feedingKinds(entryName));
  return {
    host: hostOf(entryName),
    isCause: (change) => sources.has(keyOf(change)) || feeding.has(change.kind),
  };
}

/** Changes between two policy trees that may take objects away somewhere; none of them if nothing was in force. */
export function policyLosses(trees: Trees): PolicyLoss[] {
  const { before, after } = trees;
  if (before.entries.size === 0) return [];
  const { put, remove } = diffTrees(before, after);
  const features = featuresIn(before);
  return [...remove, ...put.map(({ name }) => name)]
    .filter((name) => !isHarmless(name, trees, features))
    .map((name) => lossOf(name, trees));
}

/**
 * Where policies may take objects away because somebody changed a resource: hosts, or the whole global namespace. An entry that
 * changed although none of the resources that feed it did (a compiler that loses it, a read that did not see all) is nobody's
 * decision, and then nothing of its host is; one such entry leaves nothing decided that was changed for all hosts.
 */
export function decidedLosses(losses: readonly PolicyLoss[], changes: readonly ResourceChange[]): DecidedChange[] {
  const judged = losses.map(({ host, isCause }) => ({ host, by: changes.findLast(isCause)?.actor }));
  const wide = judged.find(({ host }) => host === undefined);
  if (wide !== undefined) {
    const isDecided = judged.every(({ by }) => by !== undefined);
    return isDecided && wide.by !== undefined ? [{ host: undefined, by: wide.by }] : [];
  }
  const undecided = new Set(judged.filter(({ by }) => by === undefined).map(({ host }) => host));
  const decided = new Map(judged.map(({ host = '', by = '' }) => [host, by]));
  return [...decided].filter(([host]) => !undecided.has(host)).map(([host, by]) => ({ host, by }));
}
