import * as z from 'zod';
import { issue } from '@isthmus/domain';
import { done, type Outcome } from '../outcome.js';
import type { Ask } from './graphql-client.js';
import { listServices, type GlobalService } from './services.js';

const source = z.object({ kind: z.string(), project: z.string(), name: z.string() });
const block = z.object({
  policy: source,
  scope: z.string(),
  serviceGroup: z.string().nullable(),
  enforced: z.boolean(),
  fields: z.record(z.string(), z.unknown()),
});
const lost = block.extend({
  reason: z.enum(['NARROWER_SCOPE', 'ENFORCED', 'EQUAL_SCOPE', 'EXPIRED']),
  against: source,
});
const published = z.object({
  policy: source,
  hosts: z.array(z.string()),
  clusters: z.array(z.string()),
  paths: z.array(z.string()),
});
const effective = z.object({
  published: z.array(published),
  encryption: z.string().nullable(),
  features: z.array(
    z.object({ feature: z.string(), ports: z.array(z.number()), holds: z.array(block), lost: z.array(lost) }),
  ),
});

const BLOCK = 'policy { kind project name } scope serviceGroup enforced fields';

const EXPLANATION = {
  query: `query Explanation($name: String!, $project: String, $host: String!) {
    globalNamespace(name: $name, project: $project) { service(host: $host) { effectivePolicies {
      encryption features { feature ports holds { ${BLOCK} } lost { ${BLOCK} reason against { kind project name } } }
      published { policy { kind project name } hosts clusters paths }
    } } }
  }`,
  data: z.object({
    globalNamespace: z.object({ service: z.object({ effectivePolicies: effective.nullable() }).nullable() }).nullable(),
  }),
};

/** What policies come to for one host; as `explain service` shows it. */
export interface ServiceExplanation {
  project: string;
  globalNamespace: string;
  host: string;
  encryption?: string;
  published: z.output<typeof published>[];
  features: (Omit<z.output<typeof effective>['features'][number], 'holds' | 'lost'> & {
    holds: Block[];
    lost: (Block & Pick<z.output<typeof lost>, 'reason' | 'against'>)[];
  })[];
}

type Block = Omit<z.output<typeof block>, 'serviceGroup'> & { group?: string };

function withGroup<T extends z.output<typeof block>>({ serviceGroup, ...rest }: T): Omit<T, 'serviceGroup'> & Block {
  return serviceGroup === null ? rest : { ...rest, group: serviceGroup };
}

const NOT_COMPILED = (host: string) => [issue('ISM0615', { message: `${host} was not compiled yet; ask again` })];

async function explainOne(
  ask: Ask,
  { host, project, globalNamespace }: GlobalService,
): Promise<Outcome<ServiceExplanation>> {
  const answer = await ask(EXPLANATION, { name: globalNamespace, project, host });
  if (!answer.ok) return answer;
  const explained = answer.value.globalNamespace?.service?.effectivePolicies;
  if (explained === null || explained === undefined) return { ok: false, issues: NOT_COMPILED(host) };
  const features = explained.features.map((one) => ({
    ...one,
    holds: one.holds.map(withGroup),
    lost: one.lost.map(withGroup),
  }));
  const { encryption, published: names } = explained;
  return done({
    project,
    globalNamespace,
    host,
    ...(encryption === null ? {} : { encryption }),
    features,
    published: names,
  });
}

/** Explanations of every service of this host or name, from what the server compiled last. One that was not compiled yet is told. */
export async function explainServices(
  ask: Ask,
  { name, gns }: { name: string; gns: string | undefined },
): Promise<Outcome<ServiceExplanation[]>> {
  const services = await listServices(ask, undefined);
  if (!services.ok) return services;
  const isMeant = (service: GlobalService) =>
    (service.host === name || service.name === name) && (gns === undefined || gns === service.globalNamespace);
  const found: ServiceExplanation[] = [];
  for (const service of services.value.filter(isMeant)) {
    const explained = await explainOne(ask, service);
    if (!explained.ok) return explained;
    found.push(explained.value);
  }
  return done(found);
}
