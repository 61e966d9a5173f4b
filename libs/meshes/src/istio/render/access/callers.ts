import { byCodeUnit, type BlockOf, type CallersOfRule, type UserRule } from '@isthmus/domain';
import type { AccessNotes } from './access-notes.js';
import type { AccessScene, Identities } from './access-scene.js';

/** A rule's side of callers, as one policy of one action asks for it. */
export interface Asking {
  access: AccessScene;
  block: BlockOf<'authorization'>;
  action: 'ALLOW' | 'DENY';
  notes: AccessNotes;
  /** Whose tokens are checked at the host. */
  issuers: ReadonlySet<string>;
}

const TITLES = { serviceGroups: 'group', services: 'service', namespaces: 'namespace' } as const;

function noteGaps(title: string, { principals, namespaces, ambiguous }: Identities, { notes, block }: Asking): void {
  if (namespaces.length > 0)
    notes.tell(
      'ISM0890',
      block,
      `no service account is known of some workloads of ${title} (${namespaces.join(', ')})`,
    );
  if (ambiguous.length > 0) notes.tell('ISM0892', block, `${title}: ${ambiguous.join(', ')}`);
  if (principals.length + namespaces.length + ambiguous.length === 0)
    notes.tell('ISM0889', block, `nobody is known of ${title}`);
}

/** What the fields of a caller name, each with its key among what was resolved. */
function namedIn(callers: CallersOfRule): { title: string; key: string }[] {
  return (Object.keys(TITLES) as (keyof typeof TITLES)[]).flatMap((field) =>
    (callers[field] ?? []).map((name) => ({ title: `${TITLES[field]} ${name}`, key: `${TITLES[field]}/${name}` })),
  );
}

/** What a DENY rule takes an identity for that is not known for sure. */
function suspects({ namespaces, ambiguous }: Identities, { action }: Asking): string[] {
  return action === 'ALLOW' ? [] : [...namespaces, ...ambiguous];
}

/**
 * Workloads that a caller names: identities, or everyone. What is not known is admitted by no ALLOW rule and refused by
 * every DENY rule.
 */
export function workloadsOf(callers: CallersOfRule, asking: Asking): string[] | 'EVERYONE' {
  const named = namedIn(callers);
  const known = asking.access.callers;
  if (named.length === 0) return 'EVERYONE';
  if (asking.action === 'DENY' && named.some(({ key }) => !Object.hasOwn(known, key))) return 'EVERYONE';
  const found = new Set<string>();
  for (const { title, key } of named) {
    const identities = Object.hasOwn(known, key) ? known[key] : undefined;
    if (identities === undefined) continue;
    noteGaps(title, identities, asking);
    for (const one of [...identities.principals, ...suspects(identities, asking)]) found.add(one);
  }
  return [...found].sort(byCodeUnit);
}

/** Rules by which a token shows that somebody is in one of the groups; UNKNOWN stands for a group that does not exist. */
export function usersOf(
  { userGroups = [] }: CallersOfRule,
  { access, block, ...asking }: Asking,
): (UserRule | 'UNKNOWN')[] {
  const rules = userGroups.flatMap((name): readonly (UserRule | 'UNKNOWN')[] => {
    const key = `${block.policy.project}/${name}`;
    return (Object.hasOwn(access.users, key) ? access.users[key] : undefined) ?? ['UNKNOWN'];
  });
  for (const rule of rules)
    if (rule !== 'UNKNOWN' && !asking.issuers.has(rule.issuer))
      asking.notes.tell('ISM0898', block, `no policy takes tokens of issuer ${rule.issuer}`);
  return rules;
}
