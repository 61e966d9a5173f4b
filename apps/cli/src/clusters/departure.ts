import * as z from 'zod';
import { issue } from '@isthmus/domain';
import { optional } from '../online/answers.js';
import type { Ask } from '../online/graphql-client.js';
import { done, failed, type Outcome } from '../outcome.js';
import { age, table } from '../output/table.js';

const namespaceSchema = z.object({
  globalNamespace: z.string(),
  hosts: z.array(z.string()),
  lastOf: z.array(z.string()),
  draining: z.number(),
  drainEndsAt: optional(z.string()),
  waitingFor: z.array(z.string()),
  objects: z.number(),
  reportedAt: optional(z.string()),
  state: optional(z.string()),
});

const clusterSchema = z.object({
  id: z.string(),
  name: z.string(),
  agent: optional(z.object({ connected: z.boolean(), session: z.number(), lastSeenAt: optional(z.string()) })),
  departure: z.object({
    phase: z.enum(['MEMBER', 'LEAVING', 'LEFT', 'EVICTED']),
    since: optional(z.string()),
    by: optional(z.string()),
    abandonedAt: optional(z.string()),
    namespaces: z.array(namespaceSchema),
    proof: z.array(z.object({ globalNamespace: z.string(), objects: z.number(), reportedAt: z.string() })),
  }),
});

/** Whether a cluster takes part, and what holds it. */
export type ClusterDeparture = z.infer<typeof clusterSchema>;

const DEPARTURE = {
  query: `query Departure($name: String!) { cluster(name: $name) {
    id name agent { connected session lastSeenAt }
    departure { phase since by abandonedAt proof { globalNamespace objects reportedAt } namespaces {
      globalNamespace hosts lastOf draining drainEndsAt waitingFor objects reportedAt state } }
  } }`,
  data: z.object({ cluster: clusterSchema.nullable() }),
};

/** Reads where a cluster stands on its way out. */
export async function readDeparture(ask: Ask, name: string): Promise<Outcome<ClusterDeparture>> {
  const answer = await ask(DEPARTURE, { name });
  if (!answer.ok) return answer;
  const { cluster } = answer.value;
  return cluster === null ? failed(issue('ISM0615', { message: `there is no Cluster ${name}` })) : done(cluster);
}

/** What would be taken away, and from whom. */
export function previewText({ name, agent, departure: { namespaces } }: ClusterDeparture, now: Date): string {
  const open = namespaces.filter(
    ({ state, hosts, objects }) => hosts.length + objects > 0 || (state !== undefined && state !== 'CLOSED'),
  );
  const rows = open.map(({ globalNamespace, hosts, lastOf, objects, reportedAt }) => [
    ...[globalNamespace, String(hosts.length), String(lastOf.length), String(objects)],
    reportedAt === undefined ? 'never' : age(reportedAt, now),
  ]);
  const lost = open.flatMap(({ lastOf }) => lastOf);
  const seen = agent?.lastSeenAt === undefined ? 'was never heard' : `was heard ${age(agent.lastSeenAt, now)} ago`;
  const lines = [
    rows.length === 0
      ? `${name} holds nothing of any global namespace\n`
      : table(['GLOBAL NAMESPACE', 'MEMBERS', 'LAST OF HOST', 'OBJECTS', 'REPORTED'], rows),
    ...(lost.length === 0 ? [] : [`no other cluster serves: ${some(lost)}\n`]),
    ...(agent?.connected === true ? [] : [`its agent is not connected; it ${seen}\n`]),
  ];
  return lines.join('');
}

function some(hosts: readonly string[]): string {
  return hosts.length <= 10 ? hosts.join(', ') : `${hosts.slice(0, 10).join(', ')} and ${hosts.length - 10} more`;
}

/** One line on how far the cluster is. */
export function progressText({ name, agent, departure }: ClusterDeparture, now: Date): string {
  const { phase, namespaces, proof } = departure;
  const kept = proof.reduce((sum, { objects }) => sum + objects, 0);
  switch (phase) {
    case 'MEMBER':
      return `${name} takes part`;
    case 'LEFT':
      return `${name} has left: its agent reported 0 objects in ${proof.length} global namespaces; its identity is revoked`;
    case 'EVICTED':
      return `${name} was evicted: ${kept} objects stay behind in it; its identity is revoked`;
    case 'LEAVING':
      return `${name} is leaving: ${leavingText(namespaces, { now, connected: agent?.connected === true })}`;
  }
}

type Namespaces = ClusterDeparture['departure']['namespaces'];

function leavingText(namespaces: Namespaces, { now, connected }: { now: Date; connected: boolean }): string {
  const draining = namespaces.reduce((sum, one) => sum + one.draining, 0);
  const waiting = [...new Set(namespaces.flatMap(({ waitingFor }) => waitingFor))].sort();
  if (waiting.length > 0)
    return `${draining} members drain; waiting for ${waiting.join(', ')} to stop using them (isthmus cluster abandon, if one is gone)`;
  const ends = namespaces.flatMap(({ drainEndsAt }) => (drainEndsAt === undefined ? [] : [Date.parse(drainEndsAt)]));
  if (draining > 0 && ends.length > 0)
    return `${draining} members drain for ${Math.max(0, Math.ceil((Math.max(...ends) - now.getTime()) / 1000))} s more`;
  const members = namespaces.reduce((sum, one) => sum + one.hosts.length, 0);
  if (members > 0) return `${members} members begin to drain`;
  const objects = namespaces.reduce((sum, one) => sum + (one.state === 'CLOSED' ? 0 : one.objects), 0);
  const agent = connected ? '' : '; its agent is not connected, and nobody else can remove them';
  return `the agent removes ${objects} objects${agent}`;
}

/** The proof, or what stays behind, by global namespace. */
export function proofText({ departure: { proof } }: ClusterDeparture): string {
  const rows = proof.map(({ globalNamespace, objects, reportedAt }) => [globalNamespace, String(objects), reportedAt]);
  return rows.length === 0 ? '' : table(['GLOBAL NAMESPACE', 'OBJECTS', 'REPORTED AT'], rows);
}
