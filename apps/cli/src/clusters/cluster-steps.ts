import * as z from 'zod';
import { issue } from '@isthmus/domain';
import { optional } from '../online/answers.js';
import type { Ask } from '../online/graphql-client.js';
import { done, failed, type Outcome } from '../outcome.js';
import { age, table } from '../output/table.js';

const errorSchema = z.object({
  code: z.string(),
  severity: z.string(),
  message: z.string(),
  fix: optional(z.string()),
});

const stepSchema = z.object({
  step: z.string(),
  state: z.enum(['DONE', 'ACTIVE', 'FAILED', 'WAITING', 'UNKNOWN']),
  message: z.string(),
  since: optional(z.string()),
  observedAt: optional(z.string()),
  lastError: optional(errorSchema),
});

const clusterSchema = z.object({
  id: z.string(),
  onboarding: z.object({
    ready: z.boolean(),
    current: optional(z.object({ step: z.string() })),
    steps: z.array(stepSchema),
  }),
  agent: optional(
    z.object({
      connected: z.boolean(),
      session: z.number(),
      clusterUid: optional(z.string()),
      lastSeenAt: optional(z.string()),
    }),
  ),
  departure: z.object({ phase: z.string() }),
});

/** How far a cluster is on its way in. */
export type ClusterSteps = z.infer<typeof clusterSchema>;

const STEPS = {
  query: `query Steps($name: String!) { cluster(name: $name) {
    id agent { connected session clusterUid lastSeenAt } departure { phase }
    onboarding { ready current { step } steps { step state message since observedAt lastError { code severity message fix } } }
  } }`,
  data: z.object({ cluster: clusterSchema.nullable() }),
};

/** Reads the steps of a cluster. */
export async function readSteps(ask: Ask, name: string): Promise<Outcome<ClusterSteps>> {
  const answer = await ask(STEPS, { name });
  if (!answer.ok) return answer;
  const { cluster } = answer.value;
  return cluster === null ? failed(issue('ISM0615', { message: `there is no Cluster ${name}` })) : done(cluster);
}

const TITLES: Readonly<Record<string, string>> = {
  TOKEN_ISSUED: 'token issued',
  AGENT_SEEN: 'agent seen',
  TLS_OK: 'TLS ok',
  RIGHTS_OK: 'rights ok',
  MESH_FOUND: 'mesh found',
  DNS_AND_GATEWAY: 'DNS capture and gateway',
  FIRST_SYNC: 'first sync',
};

/** Name of a step for people. */
export function stepTitle(step: string): string {
  return TITLES[step] ?? step.toLowerCase();
}

/** The steps as a table, below it what went wrong with its fix. */
export function stepsText({ onboarding: { steps, ready } }: ClusterSteps, now: Date): string {
  const rows = steps.map(({ step, state, since, observedAt, message }) => [
    ...[stepTitle(step), state, since === undefined ? '' : age(since, now)],
    ...[observedAt === undefined ? '' : age(observedAt, now), message],
  ]);
  const errors = steps.flatMap(({ step, lastError }) => {
    if (lastError === undefined) return [];
    const { code, severity, message, fix } = lastError;
    return [
      `${stepTitle(step)}: ${code} ${severity} ${message}\n`,
      ...(fix === undefined ? [] : [`    fix: ${fix}\n`]),
    ];
  });
  const end = ready ? 'ready\n' : 'not ready\n';
  return `${table(['STEP', 'STATE', 'AGE', 'OBSERVED', 'MESSAGE'], rows)}${errors.length === 0 ? '' : `\n${errors.join('')}`}\n${end}`;
}

/** What is compared to see whether there is something new to show. */
export function stepsFingerprint({ onboarding: { steps } }: ClusterSteps): string {
  return JSON.stringify(steps.map(({ step, state, message, lastError }) => [step, state, message, lastError?.code]));
}
