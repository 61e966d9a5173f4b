import { byStrictness } from '../../intent/encryption.js';
import type { Issue } from '../../issues/issue.js';
import type { MeshConfigObject } from '../../mesh-config/types.js';
import type { EncryptionMode } from '../../resources/types.js';
import { finding } from '../finding.js';
import { named } from '../host-patterns.js';
import type { LintRule } from '../lint-rule.js';
import type { HostedMember, LintSite, PlacedObject } from '../lint-site.js';
import { byNamespace, isMemberPort, selectsMember } from '../member-workloads.js';

const MODES = { DISABLE: true, PERMISSIVE: true, STRICT: true } as const satisfies Record<EncryptionMode, true>;

const isMode = (text: string | undefined): text is EncryptionMode => text !== undefined && Object.hasOwn(MODES, text);

/**
 * For a workload Istio takes the oldest PeerAuthentication that selects it, else that of the namespace, else that of the root
 * namespace. Isthmus makes one with a selector as soon as an encryption policy is in force.
 */
export const lintPeerAuthentications: LintRule = (site) => {
  const policies = site.of('PeerAuthentication');
  if (policies.length === 0) return [];
  const members = [...site.members.values()];
  return site.mode === undefined
    ? plaintextMembers(site, members, policies)
    : policies.flatMap((placed) => [...contradiction(site, members, placed), ...loosened(site, members, placed)]);
};

/** The modes that the object asks for a member's ports. */
function modesFor({ mtls, portMtls = [] }: MeshConfigObject, member: HostedMember): EncryptionMode[] {
  const ofPorts = portMtls.filter(({ port }) => isMemberPort(member, port)).map(({ mode }) => mode);
  return [mtls, ...ofPorts].filter(isMode);
}

function selects(site: LintSite, { namespace, object }: PlacedObject, member: HostedMember): boolean {
  return (
    namespace === member.namespace && object.selector !== undefined && selectsMember(site, member, object.selector)
  );
}

/** Another object for the same workloads: which of the two counts depends on their age. */
function contradiction(site: LintSite, members: readonly HostedMember[], placed: PlacedObject): Issue[] {
  const { mode } = site;
  if (mode === undefined) return [];
  const others = members
    .filter((member) => selects(site, placed, member))
    .map(({ host, ...member }) => ({ host, modes: modesFor(placed.object, { host, ...member }) }))
    .filter(({ modes }) => modes.some((one) => one !== mode));
  if (others.length === 0) return [];
  const asked = others.flatMap(({ modes }) => modes.filter((one) => one !== mode)).sort(byStrictness);
  const severity = byStrictness(asked[0] ?? mode, mode) < 0 ? 'ERROR' : 'WARNING';
  const hosts = named(others.map(({ host }) => host));
  const message = `asks for ${asked[0] ?? ''} on workloads of ${hosts}, where the encryption policy says ${mode}`;
  return [finding('ISM0810', { site, placed }, { path: 'spec.mtls.mode', message, severity })];
}

/** The policy's own object is narrower, so it lets in plaintext that the namespace or the mesh refuses. */
function loosened(site: LintSite, members: readonly HostedMember[], placed: PlacedObject): Issue[] {
  const { namespace, object } = placed;
  if (site.mode !== 'PERMISSIVE' || object.selector !== undefined || object.mtls !== 'STRICT') return [];
  const isWide = namespace === site.rootNamespace;
  const hosts = members.filter((member) => isWide || member.namespace === namespace).map(({ host }) => host);
  if (hosts.length === 0) return [];
  const message = `asks for STRICT, but the encryption policy lets workloads of ${named(hosts)} take plaintext`;
  const severity = isWide ? 'INFO' : 'WARNING';
  return [finding('ISM0812', { site, placed }, { path: 'spec.mtls.mode', message, severity })];
}

/** Without a policy the mesh's own mode holds; plaintext cannot come through a gateway. */
function plaintextMembers(
  site: LintSite,
  members: readonly HostedMember[],
  policies: readonly PlacedObject[],
): Issue[] {
  if (site.callingClusters.length === 0) return [];
  const places = byNamespace(policies);
  const hosts = new Map<PlacedObject, string[]>();
  for (const member of members) {
    const near = [...(places.get(member.namespace) ?? []), ...(places.get(site.rootNamespace) ?? [])];
    const placed = near.length === 0 ? undefined : plaintextOf(site, near, member);
    if (placed === undefined) continue;
    const known = hosts.get(placed);
    if (known === undefined) hosts.set(placed, [member.host]);
    else known.push(member.host);
  }
  return [...hosts].map(([placed, names]) => {
    const message = `turns mutual TLS off for ${named(names)}, which ${named(site.callingClusters)} may call`;
    return finding('ISM0811', { site, placed }, { path: 'spec.mtls.mode', message });
  });
}

/** The object by which a member takes plaintext on one of its ports. */
function plaintextOf(
  site: LintSite,
  policies: readonly PlacedObject[],
  member: HostedMember,
): PlacedObject | undefined {
  const unselective = policies.filter(({ object }) => object.selector === undefined);
  const levels = [
    policies.filter((placed) => selects(site, placed, member)),
    unselective.filter(({ namespace }) => namespace === member.namespace),
    unselective.filter(({ namespace }) => namespace === site.rootNamespace),
  ];
  for (const level of levels) {
    const plain = level.find(({ object }) => modesFor(object, member).includes('DISABLE'));
    if (plain !== undefined) return plain;
    if (level.some(({ object }) => isMode(object.mtls))) return undefined;
  }
  return undefined;
}
