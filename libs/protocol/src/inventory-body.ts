import { byCodeUnit, entry } from '@isthmus/domain';
import type { Canonical, ClusterInventory, InventoryNamespace, TreeEntry } from '@isthmus/domain';
import * as z from 'zod';
import { meshConfigSchema } from './mesh-config-schema.js';

/** Mesh facts and gateways: what an agent found beside namespaces. */
export type InventoryFacts = Pick<ClusterInventory, 'mesh' | 'gateways'>;

/** Name of the entry that holds the facts. */
export const FACTS_ENTRY = 'facts';

const NAMESPACE_PREFIX = 'namespace/';

/** Name of the entry of one namespace. */
export function namespaceEntryName(namespace: string): string {
  return NAMESPACE_PREFIX + namespace;
}

/** Namespace of an entry's name; undefined for any other entry. */
export function namespaceOfEntry(name: string): string | undefined {
  return name.startsWith(NAMESPACE_PREFIX) ? name.slice(NAMESPACE_PREFIX.length) : undefined;
}

/** Entry of a namespace; user-chosen keys (labels, selectors) are sorted pairs in it. Undefined if a text in it is not well-formed. */
export function encodeNamespace(namespace: InventoryNamespace): TreeEntry | undefined {
  return tryEntry(namespaceEntryName(namespace.name), namespace);
}

/** Entry of the facts. Undefined if a text in them is not well-formed. */
export function encodeFacts(facts: InventoryFacts): TreeEntry | undefined {
  return tryEntry(FACTS_ENTRY, { mesh: facts.mesh, gateways: facts.gateways });
}

function tryEntry(name: string, value: unknown): TreeEntry | undefined {
  try {
    return entry(name, toCanonical(value));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

const MAPS: ReadonlySet<string> = new Set(['labels', 'selector']);

function toCanonical(value: unknown): Canonical {
  if (Array.isArray(value)) return value.map(toCanonical);
  if (typeof value !== 'object' || value === null) return value as Canonical;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key, MAPS.has(key) ? toPairs(field) : toCanonical(field)]));
}

function toPairs(value: unknown): Canonical {
  const pairs = Object.entries(value as Record<string, string>).sort(([a], [b]) => byCodeUnit(a, b));
  return pairs.map(([name, text]) => ({ name, value: text }));
}

const text = z.string().max(1024);
const texts = z.array(text).optional();
const pairs = z
  .array(z.object({ name: text, value: text.default('') }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ name, value }) => [name, value])));
const port = z.int().min(0).max(65_535);

const serviceSchema = z.object({
  name: text,
  labels: pairs,
  type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']),
  headless: z.boolean(),
  selector: pairs,
  ports: z
    .array(
      z.object({
        name: text.optional(),
        number: port,
        protocol: z.enum(['TCP', 'UDP', 'SCTP']),
        appProtocol: text.optional(),
        targetPort: z.union([port, text]),
      }),
    )
    .default([]),
  ipFamilies: z.array(text).optional(),
});

const workloadSchema = z.object({
  kind: text,
  name: text,
  labels: pairs,
  serviceAccount: text,
  ports: z.array(z.object({ name: text.optional(), number: port, protocol: text })).default([]),
});

const namespaceSchema: z.ZodType<InventoryNamespace> = z.object({
  name: text,
  labels: pairs,
  readable: z.boolean(),
  services: z.array(serviceSchema).default([]),
  workloads: z.array(workloadSchema).default([]),
  meshConfig: meshConfigSchema.optional(),
});

const factsSchema: z.ZodType<InventoryFacts> = z.object({
  mesh: z
    .object({
      kind: z.enum(['istio', 'linkerd', 'kuma', 'consul', 'cilium', 'gateway-api']).optional(),
      version: text.optional(),
      mode: z.enum(['sidecar', 'ambient']).optional(),
      trustDomain: text.optional(),
      acceptedTrustDomains: z.array(text).optional(),
      dnsCapture: z.boolean().optional(),
      rootNamespace: text.optional(),
      configKinds: texts,
      servedKinds: texts,
      exportTo: z.object({ services: texts, virtualServices: texts, destinationRules: texts }).optional(),
    })
    .default({}),
  gateways: z
    .array(z.object({ namespace: text, service: text, addresses: z.array(text).default([]), port, selector: pairs }))
    .default([]),
});

/** Reads the body of a namespace's entry; undefined if it is none. */
export function decodeNamespace(body: string): InventoryNamespace | undefined {
  return decode(namespaceSchema, body);
}

/** Reads the body of the facts' entry; undefined if it is none. */
export function decodeFacts(body: string): InventoryFacts | undefined {
  return decode(factsSchema, body);
}

function decode<T>(schema: z.ZodType<T>, body: string): T | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
