import { defaultAccess, hasAllowAt, type BlockOf, type Issue } from '@isthmus/domain';
import { objectName } from '../../../object-name.js';
import type { RenderedObject } from '../../../renderer.js';
import { hostIssue, type HostScene, type OwnedHost } from '../host-members.js';
import { labelsOf } from '../labels-of.js';
import { isServed, ownedObject } from '../owned-object.js';
import { AccessNotes } from './access-notes.js';
import { accessPorts } from './access-ports.js';
import { istioRules, type AccessPort, type IstioRule } from './access-rules.js';
import { issuersOf, tokenObjects } from './request-authentication.js';

type AccessBlock = BlockOf<'authorization'>;

/** A port with the blocks that hold at it. */
interface GuardedPort {
  port: AccessPort;
  blocks: AccessBlock[];
}

interface Draft {
  deny: IstioRule[];
  /** Undefined: no port refuses those whom no rule admits. */
  allow: IstioRule[] | undefined;
}

const DRY_RUN = { 'istio.io/dry-run': 'true' };
/** An object of Kubernetes may have about 1.5 MB, with all that others add to it. */
const MAX_BYTES = 900_000;

function isClosed({ port, blocks }: GuardedPort): boolean {
  return defaultAccess(blocks) === 'DENY' || blocks.some((block) => hasAllowAt(block, port.number));
}

function portsOfBlocks(guarded: readonly GuardedPort[]): Map<AccessBlock, AccessPort[]> {
  const found = new Map<AccessBlock, AccessPort[]>();
  for (const { port, blocks } of guarded)
    for (const block of blocks) found.set(block, [...(found.get(block) ?? []), port]);
  return found;
}

function rulesOf(action: 'ALLOW' | 'DENY', guarded: readonly GuardedPort[], about: About): IstioRule[] {
  const { hostScene, notes, issuers } = about;
  const { access } = hostScene.scene;
  const found = [...portsOfBlocks(guarded)].flatMap(([block, ports]) => {
    const rules = (block.feature.rules ?? []).filter((rule) => rule.action === action);
    return rules.flatMap((rule) => istioRules(rule, ports, { access, block, action, notes, issuers }));
  });
  return [...new Map(found.map((rule) => [JSON.stringify(rule), rule])).values()];
}

interface About {
  hostScene: OwnedHost;
  notes: AccessNotes;
  issuers: ReadonlySet<string>;
}

/** Ports that stay open to everyone, although an ALLOW policy of the workload refuses what it does not name. */
function openPorts(guarded: readonly GuardedPort[]): IstioRule[] {
  const closed = new Set(guarded.filter(isClosed).map(({ port }) => port.targetPort));
  const open = new Set(guarded.map(({ port }) => port.targetPort).filter((number) => !closed.has(number)));
  const ports = [...open].sort((a, b) => a - b).map(String);
  return ports.length === 0 ? [] : [{ to: [{ operation: { ports } }] }];
}

function draftOf(guarded: readonly GuardedPort[], about: About): Draft {
  const deny = rulesOf('DENY', guarded, about);
  if (!guarded.some(isClosed)) return { deny, allow: undefined };
  return { deny, allow: [...rulesOf('ALLOW', guarded, about), ...openPorts(guarded)] };
}

/** Without rules an ALLOW policy admits nobody: what came to nothing stays closed. */
function objectsOf(draft: Draft, { hostScene, suffix }: { hostScene: OwnedHost; suffix: '' | '-rehearsal' }) {
  const { scene, host, local } = hostScene;
  const policy = (role: 'allow' | 'deny', rules: readonly IstioRule[]): RenderedObject => {
    const spec = {
      selector: { matchLabels: labelsOf(local.selector) },
      action: role === 'allow' ? 'ALLOW' : 'DENY',
      ...(rules.length === 0 ? {} : { rules }),
    };
    return ownedObject(scene, {
      side: 'owner',
      kind: 'AuthorizationPolicy',
      namespace: local.namespace,
      name: objectName(host.host, `${role}${suffix}`),
      host,
      // What is refused is refused before anything is admitted.
      later: role === 'allow',
      ...(suffix === '' ? {} : { annotations: DRY_RUN }),
      spec,
    });
  };
  return [
    ...(draft.deny.length === 0 ? [] : [policy('deny', draft.deny)]),
    ...(draft.allow === undefined ? [] : [policy('allow', draft.allow)]),
  ];
}

function isTooLarge({ deny, allow = [] }: Draft): boolean {
  return [deny, allow].some((rules) => JSON.stringify(rules).length > MAX_BYTES);
}

/** Rules that cannot be written down are no reason to admit anybody. */
function sized(draft: Draft, { hostScene, tell }: { hostScene: HostScene; tell: (issue: Issue) => void }): Draft {
  if (!isTooLarge(draft)) return draft;
  const message = 'The rules of access are too large for one object; nobody is admitted.';
  tell(hostIssue(hostScene.scene, hostScene.host.host, { code: 'ISM0894', message }));
  return { deny: [], allow: [] };
}

const isEnforced = ({ feature }: AccessBlock): boolean => feature.mode === undefined;

/** A rehearsal shows what would be if its policies were enforced beside those that are. */
function accessObjects(guarded: readonly GuardedPort[], about: About, issues: Issue[]): RenderedObject[] {
  const { hostScene } = about;
  const enforced = guarded.map(({ port, blocks }) => ({ port, blocks: blocks.filter(isEnforced) }));
  const isRehearsed = guarded.some(({ blocks }) => blocks.some((block) => !isEnforced(block)));
  const drafts: [Draft, '' | '-rehearsal'][] = [[draftOf(enforced, about), '']];
  if (isRehearsed) drafts.push([draftOf(guarded, about), '-rehearsal']);
  return drafts.flatMap(([draft, suffix]) =>
    objectsOf(sized(draft, { hostScene, tell: (found) => issues.push(found) }), { hostScene, suffix }),
  );
}

/**
 * Who may call the member of this cluster: refused before admitted, and everything that is not known is not admitted. The
 * objects act on the member's workloads; their rules name the ports of the host only.
 */
export function accessRender(hostScene: HostScene): { objects: RenderedObject[]; issues: Issue[] } {
  const { local, policies } = hostScene;
  if (local === undefined || policies.isEmpty) return { objects: [], issues: [] };
  const owned = { ...hostScene, local };
  const ports = accessPorts(owned);
  const about = { hostScene: owned, notes: new AccessNotes(), issuers: issuersOf(owned, ports) };
  const guarded = ports.map((port) => ({ port, blocks: policies.explain('authorization', port.number).holds }));
  const issues: Issue[] = [];
  const objects = [...tokenObjects(owned, ports, issues), ...accessObjects(guarded, about, issues)];
  const kinds = (['RequestAuthentication', 'AuthorizationPolicy'] as const).filter((kind) =>
    isServed(hostScene.scene, kind),
  );
  return {
    objects: objects.filter(({ object }) => kinds.some((kind) => kind === object.kind)),
    issues: [...issues, ...about.notes.issues(hostScene)],
  };
}
