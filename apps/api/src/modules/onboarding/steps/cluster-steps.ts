import type { DiscoveredGateway, DiscoveredMesh, Issue } from '@isthmus/domain';
import type { AppliedRecord, InventoryHeadRecord } from '@isthmus/store';
import { inventoryIssues } from '../../inventory/inventory-facts.js';
import { issuesOfJson } from '../../issues/issue-json.js';
import { specOf } from '../../resources/spec-of.js';
import { statusOf, type TargetModel } from '../../targets/target-model.js';
import { isConnected } from './identity-steps.js';
import { findings, type Finding, type OnboardingFacts } from './step.js';

const { done, failed, pending, about } = findings;

const READ_MS = 60_000;
const SYNC_MS = 120_000;

interface Facts {
  mesh?: DiscoveredMesh;
  gateways?: DiscoveredGateway[];
}

function discovered({ inventory }: OnboardingFacts): Facts & { observedAt?: Date } {
  if (inventory === undefined) return {};
  return { ...(inventory.facts as Facts), observedAt: inventory.observedAt };
}

/** What the agent reported counts while it is heard; later it is what was known last. */
function unheard({ session, inventory }: OnboardingFacts): Finding | undefined {
  if (isConnected(session)) return undefined;
  if (inventory === undefined) return { state: 'WAITING', message: 'The agent has to be connected first.' };
  const message = 'The agent is not connected: what it reported last may be out of date.';
  return { state: 'UNKNOWN', message, observedAt: inventory.observedAt };
}

export function rightsOk(facts: OnboardingFacts): Finding {
  const quiet = unheard(facts);
  if (quiet !== undefined) return quiet;
  const { session, inventory, now } = facts;
  const since = session?.connectedAt ?? now;
  if (inventory === undefined) {
    const late = about(facts, 'ISM0543', 'The agent is connected and has not reported what is in the cluster.');
    return pending(facts, { since, patienceMs: READ_MS, message: 'The agent reads the cluster.', late });
  }
  const { observedAt } = inventory;
  const refused = refusedRight(facts, inventory);
  if (refused !== undefined) return failed(refused, { observedAt });
  const [met] = inventoryIssues(inventory.facts);
  if (!inventory.complete) return partial(facts, inventory, met);
  return done('The agent may read what it has to.', { since: observedAt, observedAt, error: met });
}

function partial(facts: OnboardingFacts, { observedAt }: InventoryHeadRecord, met: Issue | undefined): Finding {
  const message = 'The agent has not listed everything yet; nothing is deleted until it has.';
  const late = met ?? about(facts, 'ISM0543', message);
  const since = facts.session?.connectedAt ?? observedAt;
  return { ...pending(facts, { since, patienceMs: READ_MS, message, late }), observedAt, error: met ?? late };
}

const WRITE_FORBIDDEN = 'ISM0481';

/** A right without which nothing works. A single namespace may be left out on purpose: that is told and stands in nobody's way. */
function refusedRight(facts: OnboardingFacts, inventory: InventoryHeadRecord): Issue | undefined {
  const read = inventoryIssues(inventory.facts).filter(
    ({ code, message }) => code === 'ISM0445' && /forbidden/i.test(message),
  );
  const written = facts.targets.flatMap(linesOf).flatMap(({ issues }) => issuesOfJson(issues));
  const [first, ...rest] = [...read, ...written.filter(({ code }) => code === WRITE_FORBIDDEN)];
  if (first === undefined) return undefined;
  return about(facts, 'ISM0548', `${first.message}${rest.length === 0 ? '' : ` (and ${rest.length} more)`}`);
}

function linesOf({ policy, catalog }: TargetModel): AppliedRecord[] {
  return [policy, catalog].filter((line) => line !== undefined);
}

/** Mesh, DNS and gateway are looked for once the cluster was read. */
function unread(facts: OnboardingFacts): Finding | undefined {
  const quiet = unheard(facts);
  if (quiet !== undefined) return quiet;
  if (facts.inventory === undefined) return { state: 'WAITING', message: 'The agent has to read the cluster first.' };
  return undefined;
}

export function meshFound(facts: OnboardingFacts): Finding {
  const early = unread(facts);
  if (early !== undefined) return early;
  const { kind: wanted } = specOf('Cluster', facts.cluster).mesh;
  const { mesh = {}, observedAt } = discovered(facts);
  if (mesh.kind === wanted) return done(meshText(mesh), { since: observedAt, observedAt });
  if (mesh.kind !== undefined)
    return failed(about(facts, 'ISM0540', `The record says ${wanted}, the cluster runs ${mesh.kind}.`), { observedAt });
  if (facts.inventory?.complete !== true)
    return { state: 'ACTIVE', message: 'The agent is still reading the cluster.', observedAt };
  const message = `No mesh was found; the cluster is treated as its record says: ${wanted}.`;
  return failed(about(facts, 'ISM0540', message), { observedAt });
}

function meshText({ kind, version, mode, trustDomain }: DiscoveredMesh): string {
  const parts = [kind, version, mode, trustDomain === undefined ? undefined : `trust domain ${trustDomain}`];
  return parts.filter((part) => part !== undefined).join(', ');
}

export function dnsAndGateway(facts: OnboardingFacts): Finding {
  const early = unread(facts);
  if (early !== undefined) return early;
  const { mesh = {}, gateways = [], observedAt } = discovered(facts);
  const found = [...new Set([...recordedGateways(facts), ...gateways.flatMap(({ addresses }) => addresses)])];
  const lacks = [
    ...(mesh.dnsCapture === true ? [] : [about(facts, 'ISM0541', dnsText(mesh))]),
    ...(found.length > 0 ? [] : [about(facts, 'ISM0542', 'No east-west gateway with an address was found.')]),
  ];
  const [error] = lacks;
  if (error === undefined)
    return done(`DNS capture is on; gateway ${found.join(', ')}.`, { since: observedAt, observedAt });
  const message = lacks.map((one) => one.message).join(' ');
  return { state: 'FAILED', message, observedAt, error };
}

function recordedGateways({ cluster }: OnboardingFacts): string[] {
  return (specOf('Cluster', cluster).gateways ?? []).map(({ address }) => address);
}

function dnsText({ dnsCapture }: DiscoveredMesh): string {
  return dnsCapture === false ? 'DNS capture is off.' : 'It is not known whether DNS capture is on.';
}

export function firstSync(facts: OnboardingFacts): Finding {
  const [stop] = facts.stops;
  if (stop !== undefined) return failed(about(facts, 'ISM0547', stop.message), { since: stop.since });
  const early = unread(facts);
  if (early !== undefined) return early;
  const open = facts.targets.filter(({ record }) => record.state !== 'CLOSED');
  const observedAt = facts.session?.lastSeenAt;
  const refused = open.find((target) => ['FAILED', 'HELD'].includes(statusOf(target)));
  if (refused !== undefined) return failed(about(facts, 'ISM0543', reasonOf(refused)), { observedAt });
  if (facts.inventory?.complete !== true)
    return { state: 'WAITING', message: 'The agent has to list the whole cluster first.', observedAt };
  if (open.length === 0)
    return done('No global namespace reaches this cluster yet: nothing is wanted of it.', { observedAt });
  return synced(facts, open);
}

function synced(facts: OnboardingFacts, open: readonly TargetModel[]): Finding {
  const confirmed = open.filter(hasApplied);
  const times = open.flatMap(linesOf).map(({ appliedAt }) => appliedAt.getTime());
  const observedAt = times.length === 0 ? undefined : new Date(Math.max(...times));
  const message = `${confirmed.length} of ${open.length} global namespaces are applied.`;
  if (confirmed.length === open.length) return done(message, { since: observedAt, observedAt });
  const since = new Date(Math.max(...open.map(({ record }) => record.movedAt.getTime()), connectedAt(facts)));
  const waiting = open.find((target) => !hasApplied(target));
  const late = about(facts, 'ISM0543', `${message} ${waiting === undefined ? '' : reasonOf(waiting)}`.trim());
  return { ...pending(facts, { since, patienceMs: SYNC_MS, message, late }), observedAt };
}

const connectedAt = ({ session }: OnboardingFacts): number => session?.connectedAt?.getTime() ?? 0;

/** What comes after the first application is a change like any other. */
function hasApplied(target: TargetModel): boolean {
  return statusOf(target) === 'APPLIED' || (target.policy?.ref.seq ?? 0) > 0;
}

function reasonOf(target: TargetModel): string {
  const reported = linesOf(target).flatMap(({ issues }) => issuesOfJson(issues));
  const worst = reported.find(({ severity }) => severity === 'ERROR') ?? reported[0];
  const status = statusOf(target);
  return worst === undefined ? `A global namespace is ${status}.` : `${worst.code}: ${worst.message}`;
}
