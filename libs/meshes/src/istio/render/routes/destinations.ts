import { byCodeUnit, isLabelValue, sha256Hex, type HostPort, type MemberEntry } from '@isthmus/domain';
import { REQUEST_PROTOCOLS } from '../../support/requests.js';
import type { HostScene, RemoteMember } from '../host-members.js';

/** Members of a version, of a cluster, or both; neither: all. */
export interface Destination {
  version?: string | undefined;
  cluster?: string | undefined;
}

const keyOf = ({ version = '', cluster = '' }: Destination): string => `${version}\n${cluster}`;

const isNamed = ({ version, cluster }: Destination): boolean => version !== undefined || cluster !== undefined;

/** The ports of a host whose requests are routed. */
export function requestPorts(ports: readonly HostPort[]): HostPort[] {
  return ports.filter(({ protocol }) => REQUEST_PROTOCOLS.has(protocol));
}

/** The destinations that routes of the host name, on any port, each once, sorted. */
export function namedDestinations({ host, policies }: HostScene): Destination[] {
  const rules = requestPorts(host.ports).flatMap(({ number }) => policies.feature('routes', number)?.rules ?? []);
  const all = rules.flatMap(({ backends = [], mirror }): Destination[] => [
    ...backends,
    ...(mirror === undefined ? [] : [mirror]),
  ]);
  const distinct = new Map(
    all.filter(isNamed).map(({ version, cluster }) => [keyOf({ version, cluster }), { version, cluster }]),
  );
  return [...distinct].sort(([a], [b]) => byCodeUnit(a, b)).map(([, destination]) => destination);
}

/** Versions of a member that can stand in objects. */
export function versionsOf({ versions = [] }: MemberEntry): string[] {
  return versions.filter((version) => version !== '' && isLabelValue(version));
}

/** The label by which workloads here tell their version. */
export function versionLabel(member: MemberEntry | undefined): string {
  return member?.versionLabel ?? 'version';
}

const matches = (member: MemberEntry, { version, cluster }: Destination): boolean =>
  (version === undefined || versionsOf(member).includes(version)) &&
  (cluster === undefined || cluster === member.cluster);

/** Members of other clusters that a destination means. */
export function remotesOf({ remotes }: HostScene, destination: Destination): RemoteMember[] {
  return remotes.filter(({ member }) => matches(member, destination));
}

/** True if a member that callers here can use serves the port for the destination. */
export function isServed(hostScene: HostScene, destination: Destination, port: number): boolean {
  const { callable, remotes } = hostScene;
  const members = [...(callable === undefined ? [] : [callable]), ...remotes.map(({ member }) => member)];
  return members.some((member) => matches(member, destination) && member.ports.some(({ number }) => number === port));
}

/** A DNS label for any words: readable, and different for different words. */
function labelOf(...words: string[]): string {
  const plain = words
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `${plain.slice(0, 40)}-${sha256Hex(words.join('\n')).slice(0, 8)}`.replace(/^-/, '');
}

/** Name of the subset of a destination. */
export function subsetName({ version, cluster }: Destination): string {
  return labelOf(
    ...(version === undefined ? [] : ['version', version]),
    ...(cluster === undefined ? [] : ['cluster', cluster]),
  );
}

/** The name under which the gateway of an owner knows one version of a host; nobody resolves it. */
export function versionHost(host: string, version: string): string {
  return `${labelOf('version', version)}.${host}`;
}

/** What a client's connection asks the gateway of an owner for. */
export function gatewaySni(host: string, { version }: Destination, port: number): string {
  return `outbound_.${port}_._.${version === undefined ? host : versionHost(host, version)}`;
}
