import * as z from 'zod';
import { machineSchema } from './machines.js';
import { externalSchema, type ExternalEntry } from './external.js';
import { RAW_EXTENSIONS } from '../resources/raw-extensions.js';
import { publicSchema, type PublicEntry } from './public.js';
import { claimShape } from './features/request-authentication.js';
import { blockSchema, type BlockEntry } from './features/block.js';
import type {
  ClusterEntry,
  EncryptionEntry,
  GnsEntry,
  GroupEntry,
  HostEntry,
  MemberEntry,
  RemovedEntry,
  SloEntry,
  UserGroupEntry,
} from './entries.js';

/** A body that this version can read, or why not: UNKNOWN = a newer field, kind or value; MALFORMED = no entry at all. */
export type ParsedEntry<T> = { ok: true; value: T } | { ok: false; reason: 'UNKNOWN' | 'MALFORMED'; detail: string };

const text = z.string().min(1);
const pair = z.strictObject({ name: z.string(), value: z.string() });
const port = z.int().min(1).max(65_535);
const count = z.int().min(0);

const selector = z.strictObject({
  names: z.array(text).optional(),
  globs: z.array(text).optional(),
  matchExpressions: z
    .array(
      z.strictObject({
        key: text,
        operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});

const gnsSchema = z.strictObject({
  kind: z.literal('gns'),
  project: text,
  name: text,
  domain: text,
  memberClusters: z.array(text).optional(),
  consumers: z
    .array(
      z.strictObject({
        clusters: z.array(text),
        namespaces: selector.optional(),
        except: z.array(selector).optional(),
      }),
    )
    .optional(),
}) satisfies z.ZodType<GnsEntry>;

const encryptionSchema = z.strictObject({
  kind: z.literal('encryption'),
  mode: z.enum(['DISABLE', 'PERMISSIVE', 'STRICT']),
}) satisfies z.ZodType<EncryptionEntry>;

const groupSchema = z.strictObject({
  kind: z.literal('group'),
  name: text,
  rules: z
    .array(
      z.strictObject({
        clusters: z.array(text).optional(),
        namespaces: selector.optional(),
        services: selector.optional(),
      }),
    )
    .optional(),
}) satisfies z.ZodType<GroupEntry>;

const userGroupSchema = z.strictObject({
  kind: z.literal('userGroup'),
  project: text,
  name: text,
  rules: z.array(
    z.strictObject({ issuer: text, subjects: z.array(text).optional(), claims: z.array(claimShape).optional() }),
  ),
}) satisfies z.ZodType<UserGroupEntry>;

const sloSchema = z.strictObject({
  kind: z.literal('slo'),
  name: text,
  indicator: z.enum(['AVAILABILITY', 'LATENCY']),
  thresholdMs: count.optional(),
  objectivePpm: z.int().min(1).max(999_999),
  windowSeconds: z.int().min(1),
}) satisfies z.ZodType<SloEntry>;

const clusterSchema = z.strictObject({
  kind: z.literal('cluster'),
  name: text,
  mesh: z.enum(['istio', 'linkerd', 'kuma', 'consul', 'cilium', 'gateway-api']),
  mode: z.literal('ambient').optional(),
  trustDomain: text,
  clusterDomain: text,
  network: text.optional(),
  locality: text.optional(),
  gateways: z
    .array(z.strictObject({ address: text, port, namespace: text, selector: z.array(pair).default([]) }))
    .optional(),
  rawExtensions: z.array(z.enum(RAW_EXTENSIONS)).optional(),
}) satisfies z.ZodType<ClusterEntry>;

const hostSchema = z.strictObject({
  kind: z.literal('host'),
  host: text,
  service: text,
  vip: text,
  ports: z
    .array(
      z.strictObject({
        number: port,
        name: text,
        protocol: z.enum(['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB', 'HTTPS', 'TLS', 'TCP', 'MONGO', 'MYSQL', 'REDIS']),
      }),
    )
    .default([]),
}) satisfies z.ZodType<HostEntry>;

const memberSchema = z.strictObject({
  kind: z.literal('member'),
  host: text,
  cluster: text,
  namespace: text,
  service: text,
  state: z.enum(['wanted', 'served', 'draining']),
  headless: z.literal(true).optional(),
  selector: z.array(pair).default([]),
  labels: z.array(pair).optional(),
  serviceAccounts: z.array(text).optional(),
  versions: z.array(text).optional(),
  versionLabel: z.literal('app.kubernetes.io/version').optional(),
  ports: z.array(z.strictObject({ number: port, targetPort: port })).default([]),
  machines: z.array(machineSchema).optional(),
}) satisfies z.ZodType<MemberEntry>;

const removedSchema = z.strictObject({
  kind: z.literal('removed'),
  host: text,
  whole: z.literal(true).optional(),
}) satisfies z.ZodType<RemovedEntry>;

function decode(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Every fault of a body that hashes to its name is something that a newer compiler wrote. */
function parseWith<T>(schema: z.ZodType<T>, body: string): ParsedEntry<T> {
  const value = decode(body);
  if (typeof value !== 'object' || value === null) return { ok: false, reason: 'MALFORMED', detail: 'not an object' };
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const [first] = result.error.issues;
  return { ok: false, reason: 'UNKNOWN', detail: [first?.path.join('.'), first?.message].filter(Boolean).join(': ') };
}

/** Reads the body of `gns`. */
export function parseGnsEntry(body: string): ParsedEntry<GnsEntry> {
  return parseWith(gnsSchema, body);
}

/** Reads the body of `gns/encryption`. */
export function parseEncryptionEntry(body: string): ParsedEntry<EncryptionEntry> {
  return parseWith(encryptionSchema, body);
}

/** Reads the body of `gns/group/<name>`. */
export function parseGroupEntry(body: string): ParsedEntry<GroupEntry> {
  return parseWith(groupSchema, body);
}

/** Reads the body of `gns/user-group/<project>/<name>`. */
export function parseUserGroupEntry(body: string): ParsedEntry<UserGroupEntry> {
  return parseWith(userGroupSchema, body);
}

/** Reads the body of an objective. */
export function parseSloEntry(body: string): ParsedEntry<SloEntry> {
  return parseWith(sloSchema, body);
}

/** Reads the body of `cluster/<name>`. */
export function parseClusterEntry(body: string): ParsedEntry<ClusterEntry> {
  return parseWith(clusterSchema, body);
}

/** Reads the body of `host/<h>`. */
export function parseHostEntry(body: string): ParsedEntry<HostEntry> {
  return parseWith(hostSchema, body);
}

/** Reads the body of `host/<h>/member/<cluster>/<namespace>/<service>`. */
export function parseMemberEntry(body: string): ParsedEntry<MemberEntry> {
  return parseWith(memberSchema, body);
}

/** Reads the body of a block of a policy. */
export function parseBlockEntry(body: string): ParsedEntry<BlockEntry> {
  return parseWith(blockSchema, body);
}

/** Reads the body of `gns/external/<project>/<name>`. */
export function parseExternalEntry(body: string): ParsedEntry<ExternalEntry> {
  return parseWith(externalSchema, body);
}

/** Reads the body of `gns/public/<project>/<name>`. */
export function parsePublicEntry(body: string): ParsedEntry<PublicEntry> {
  return parseWith(publicSchema, body);
}

/** Reads the body of `host/<h>/removed`. */
export function parseRemovedEntry(body: string): ParsedEntry<RemovedEntry> {
  return parseWith(removedSchema, body);
}
