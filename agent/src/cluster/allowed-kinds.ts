import { objectKey } from '@isthmus/domain';
import type { KubeObjectRef } from '@isthmus/domain';
import { MESH_KINDS, OPT_INS } from '@isthmus/installation';
import type { OptIn } from '@isthmus/installation';
import { referenceOf } from './cluster-port.js';
import type { ClusterPort, WriteResult } from './cluster-port.js';

const gvk = ({ group, version, kind }: (typeof MESH_KINDS)[number]): string => `${group}/${version}/${kind}`;

/** Everything that renderers make, as `group/version/Kind`. What an installation once opted in to must go away again, too. */
const KNOWN: ReadonlySet<string> = new Set(MESH_KINDS.map(gvk));

/** Kinds that an installation with these opt-ins may write. */
function writable(optedIn: readonly OptIn[]): ReadonlySet<string> {
  const kinds = MESH_KINDS.filter(({ onlyWith }) => onlyWith === undefined || optedIn.includes(onlyWith));
  return new Set(kinds.map(gvk));
}

/**
 * The cluster behind the agent's own allow-list: objects of other kinds are neither made nor removed, whoever signed for them. It is the
 * last that a write passes before the cluster's own port, so neither renderer nor record nor gateway can get around it.
 */
export function allowingOnly(cluster: ClusterPort, optedIn: readonly OptIn[]): ClusterPort {
  const allowed = writable(optedIn);
  const closed = [...KNOWN].filter((kind) => !allowed.has(kind));
  const denied = async (): Promise<readonly string[]> => [
    ...new Set([...closed, ...((await cluster.deniedKinds?.()) ?? [])]),
  ];
  return {
    kind: cluster.kind,
    get parallel() {
      return cluster.parallel ?? 1;
    },
    uid: () => cluster.uid(),
    readInventory: () => cluster.readInventory(),
    watch: (changed) => cluster.watch(changed),
    loadRecord: () => cluster.loadRecord(),
    saveRecord: (record) => cluster.saveRecord(record),
    // What may not be written is not looked at either: a wish must not make the agent read, say, Secrets.
    observe: async (ref) => (isKnown(ref) ? cluster.observe(ref) : { state: 'absent' }),
    read: async (ref) => (isKnown(ref) ? cluster.read(ref) : { state: 'absent' }),
    deniedKinds: denied,
    apply: async (object) => {
      const is = allowed.has(`${object.apiVersion}/${object.kind}`);
      return is ? cluster.apply(object) : notAllowed('make', objectKey(referenceOf(object)));
    },
    remove: async (ref, uid) => {
      return isKnown(ref) ? cluster.remove(ref, uid) : notAllowed('remove', objectKey(ref));
    },
  };
}

function isKnown({ apiVersion, kind }: KubeObjectRef): boolean {
  return KNOWN.has(`${apiVersion}/${kind}`);
}

function notAllowed(verb: 'make' | 'remove', key: string): WriteResult {
  return { outcome: 'refused', reason: `this installation does not let the agent ${verb} ${key}`, code: 'ISM0570' };
}

/** Reads a comma-separated list of opt-ins; what is none of them is a fault. */
export function parseOptIns(text: string): { optedIn: OptIn[]; faults: string[] } {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const optedIn = OPT_INS.filter((known) => words.includes(known));
  const unknown = words.filter((word) => !OPT_INS.some((known) => known === word));
  return { optedIn, faults: unknown.map((word) => `ISTHMUS_ALLOW: ${word} is none of ${OPT_INS.join(', ')}`) };
}
