import { DEFAULT_PROJECT, issue, type GlobalNamespace, type Hash, type Issue } from '@isthmus/domain';
import { approvalCovers, BREAKER_LIMITS, massDeleteBreaker } from './breaker.js';

/** Members that the rules of a global namespace no longer ask for, and what is known of it. */
export interface DrainRequest {
  /** Members that would begin to leave, each with the text that a person is shown of it. */
  asked: readonly { host: string; item: string }[];
  /** Hosts that lost members before; `counts` = by rules, without a person or an observation behind it. Milliseconds. */
  removed: readonly { host: string; at: number; counts: boolean }[];
  /** Hosts with recorded members before this step. */
  hosts: ReadonlySet<string>;
  /** Milliseconds since the epoch, database time. */
  now: number;
  /** The held set that a person approved. */
  approved: { setHash: Hash; shown: readonly string[] } | undefined;
}

/** WITHIN: the breaker lets them go; APPROVED: a person did; HELD: all of them stay until one does. */
export type DrainVerdict = 'WITHIN' | 'APPROVED' | 'HELD';

/**
 * Judges members that leave by rules: the different hosts that lose one now, with those of the last ten minutes, against all
 * hosts of that time. What a person approves goes, as that set or what is left of it; one member more and it is held again.
 */
export function judgeDrain({ asked, removed, hosts, now, approved }: DrainRequest): DrainVerdict {
  const recent = removed.filter(({ at }) => now - at < BREAKER_LIMITS.windowMs);
  const counted = new Set(recent.filter(({ counts }) => counts).map(({ host }) => host));
  const fresh = new Set(asked.map(({ host }) => host).filter((host) => !counted.has(host)));
  const total = new Set([...hosts, ...recent.map(({ host }) => host)]).size;
  const window = { deletions: [{ at: now, count: counted.size }], totals: [] };
  if (massDeleteBreaker(window, { now, count: fresh.size, total }).allowed) return 'WITHIN';
  const items = asked.map(({ item }) => item);
  return approved !== undefined && approvalCovers(approved, items) ? 'APPROVED' : 'HELD';
}

/** Who says that members wait: the worker while they do, the preview of a change before it. */
const LEAVE = { ISM0260: () => 'by the rules', ISM0510: (name: string) => `${name} by this change` } as const;

/** Says which members wait for a person, and with which command one lets them go. Hosts may repeat, and come in any order. */
export function heldDrain(
  code: keyof typeof LEAVE,
  { metadata }: Pick<GlobalNamespace, 'metadata'>,
  held: { items: readonly string[]; hosts: readonly string[] },
): Issue {
  const { name, project = DEFAULT_PROJECT } = metadata;
  const [first = '', ...rest] = [...new Set(held.hosts)].sort();
  const others = rest.length === 0 ? '' : ` and ${String(rest.length)} more`;
  const message = `${String(rest.length + 1)} hosts (${String(held.items.length)} members) leave ${LEAVE[code](name)} and wait for approval: ${first}${others}`;
  const hint = `isthmus approve --global-namespace ${project === DEFAULT_PROJECT ? name : `${project}/${name}`}`;
  return issue(code, { path: 'spec', message, hint, resource: { kind: 'GlobalNamespace', name, project } });
}
