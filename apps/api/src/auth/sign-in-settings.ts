import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseDocument, type Document } from 'yaml';
import * as z from 'zod';
import { ISSUE_CATALOG } from '@isthmus/domain';

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** True if what is sent to the address stays on this machine. */
export function isLoopback(url: URL): boolean {
  return LOOPBACK.test(url.hostname);
}

const issuer = z.url({ protocol: /^https?$/ }).refine((text) => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (url.protocol === 'https:' || isLoopback(url)) && url.search === '' && url.hash === '' && url.username === '';
}, 'must be https (http only on this machine), without query and user');

/** How people must have proved to a provider who they are; what is not named is not asked for. */
const proof = z.strictObject({
  /** One of these classes (`acr`); asked for in this order. */
  acr: z.array(z.string().regex(/^\S+$/, 'a class has no spaces')).min(1).optional(),
  /** One of these methods (`amr`), such as mfa. */
  amr: z.array(z.string().min(1)).min(1).optional(),
  /** No longer ago than this (`auth_time`). */
  maxAgeMinutes: z
    .number()
    .int()
    .min(1)
    .max(30 * 24 * 60)
    .optional(),
});

const provider = z.strictObject({
  /** In paths and before names of groups. */
  name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/, 'lower-case letters, digits and hyphens, at most 32'),
  /** On the sign-in page. */
  title: z.string().min(1).max(60).optional(),
  issuer,
  clientId: z.string().min(1),
  /** Relative to this file; without it the client is a public one that has PKCE alone. */
  clientSecretFile: z.string().min(1).optional(),
  clientAuthentication: z.enum(['basic', 'post']).default('basic'),
  scopes: z.array(z.string().regex(/^\S+$/)).default(['openid', 'profile', 'email', 'offline_access']),
  /** More parameters of the authorization request, such as access_type or resource. */
  parameters: z.record(z.string(), z.string()).default({}),
  require: proof.default({}),
  groupsClaim: z.string().min(1).default('groups'),
  /** Role on the organization by name of a group. */
  roles: z.record(z.string().min(1), z.string().min(1)).default({}),
  /** Signing out here signs out there. */
  endProviderSession: z.boolean().default(true),
});

const MINUTE_MS = 60_000;
const minutes = (most: number, usual: number) => z.number().min(1).max(most).default(usual);

const schema = z.strictObject({
  organization: z.string().min(1).default('default'),
  providers: z
    .array(provider)
    .max(20)
    .default([])
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'names of providers must differ')
    .refine(
      (all) => new Set(all.map((one) => `${one.issuer} ${one.clientId}`)).size === all.length,
      'two providers have the same issuer and client',
    ),
  /** Sessions in browsers end after so long without a request, and after so long in any case. */
  idleMinutes: minutes(24 * 60, 60),
  sessionMinutes: minutes(7 * 24 * 60, 12 * 60),
  /** The same of command lines. */
  cliIdleMinutes: minutes(30 * 24 * 60, 24 * 60),
  cliSessionMinutes: minutes(90 * 24 * 60, 7 * 24 * 60),
  /** How often a provider is asked whether it still stands for a person. */
  recheckSeconds: z.number().int().min(1).max(300).default(300),
  /** So long sessions count although the provider cannot be reached. */
  unreachableMinutes: minutes(24 * 60, 60),
  /** So long personal tokens count after the provider stood for their owner last. */
  standingDays: z.number().min(1).max(90).default(7),
});

export type ProofSettings = z.infer<typeof proof>;

export interface ProviderSettings extends Omit<z.infer<typeof provider>, 'clientSecretFile'> {
  title: string;
  clientSecret: string | undefined;
}

/** How people sign in. Durations are in milliseconds. */
export interface SignInSettings {
  organization: string;
  /** Where browsers find this API: decides redirect addresses and the form of cookies. */
  publicUrl: URL;
  providers: readonly ProviderSettings[];
  browser: { idleMs: number; lifeMs: number };
  cli: { idleMs: number; lifeMs: number };
  recheckMs: number;
  unreachableMs: number;
  standingMs: number;
}

export type SettingsResult = { ok: true; settings: SignInSettings } | { ok: false; faults: string[] };

/** Settings of a document; `secretOf` reads a file that it names. Every fault at once, and no secret in one. */
export async function parseSignInSettings(
  document: unknown,
  publicUrl: URL,
  secretOf: (file: string) => Promise<string>,
): Promise<SettingsResult> {
  const parsed = schema.safeParse(document ?? {});
  const faults = parsed.success ? [] : parsed.error.issues.map(faultText);
  if (publicUrl.protocol !== 'https:' && !isLoopback(publicUrl))
    faults.push('PUBLIC_URL must be https: people do not sign in over a network in the clear');
  if (!parsed.success) return { ok: false, faults };
  const providers = await Promise.all(parsed.data.providers.map((one) => withSecret(one, secretOf)));
  for (const [index, { name, clientSecret }] of providers.entries())
    if (clientSecret === '')
      faults.push(`providers[${index}].clientSecretFile: the secret of ${name} cannot be read, or is empty`);
  return faults.length > 0
    ? { ok: false, faults }
    : { ok: true, settings: settingsOf(parsed.data, publicUrl, providers) };
}

/** A fault with its field, like `providers[0].issuer: must be https`. */
function faultText({ path, message }: z.core.$ZodIssue): string {
  const field = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return field === '' ? message : `${field.slice(1)}: ${message}`;
}

async function withSecret(
  { clientSecretFile, ...rest }: z.infer<typeof provider>,
  secretOf: (file: string) => Promise<string>,
): Promise<ProviderSettings> {
  const clientSecret = clientSecretFile === undefined ? undefined : await secretOf(clientSecretFile).catch(() => '');
  return { ...rest, title: rest.title ?? rest.name, clientSecret };
}

function settingsOf(data: z.infer<typeof schema>, publicUrl: URL, providers: ProviderSettings[]): SignInSettings {
  return {
    organization: data.organization,
    publicUrl,
    providers,
    browser: { idleMs: data.idleMinutes * MINUTE_MS, lifeMs: data.sessionMinutes * MINUTE_MS },
    cli: { idleMs: data.cliIdleMinutes * MINUTE_MS, lifeMs: data.cliSessionMinutes * MINUTE_MS },
    recheckMs: data.recheckSeconds * 1000,
    unreachableMs: data.unreachableMinutes * MINUTE_MS,
    standingMs: data.standingDays * 24 * 60 * MINUTE_MS,
  };
}

/** Nobody signs in: tokens alone count. */
export const NO_SIGN_IN: SignInSettings = settingsOf(schema.parse({}), new URL('http://127.0.0.1'), []);

/** Reads the file that SIGN_IN_FILE names, YAML or JSON. Throws with every fault at once, its field before it. */
export async function readSignInSettings(file: string, publicUrl: URL): Promise<SignInSettings> {
  const secretOf = async (name: string) => (await readFile(resolve(dirname(file), name), 'utf8')).trim();
  const read = await readDocument(file);
  const result = 'fault' in read ? unusable(read.fault) : await parseSignInSettings(read.document, publicUrl, secretOf);
  if (result.ok) return result.settings;
  const faults = result.faults.map((fault) => `  ${fault}`).join('\n');
  throw new Error(`ISM0575 ${ISSUE_CATALOG.ISM0575.title}: ${file}\n${faults}`);
}

const unusable = (fault: string): SettingsResult => ({ ok: false, faults: [fault] });

/** What the file says; of one that cannot be parsed the place alone, since its text may be a secret. */
async function readDocument(file: string): Promise<{ document: unknown } | { fault: string }> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => error as NodeJS.ErrnoException);
  if (typeof text !== 'string') return { fault: `the file cannot be read (${text.code ?? text.name})` };
  const parsed = parseDocument(text, { logLevel: 'silent', prettyErrors: true });
  const [fault] = parsed.errors;
  if (fault === undefined) return documentIn(parsed);
  const { line = 1, col = 1 } = fault.linePos?.[0] ?? {};
  return { fault: `line ${line}, column ${col}: neither YAML nor JSON (${fault.code})` };
}

function documentIn(parsed: Document.Parsed): { document: unknown } | { fault: string } {
  try {
    return { document: parsed.toJS() as unknown };
  } catch {
    return { fault: 'an alias names nothing, or too much' };
  }
}
