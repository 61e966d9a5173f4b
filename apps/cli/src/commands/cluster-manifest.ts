import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { errorFields, errorIssues, mutationErrorSchema } from '../online/answers.js';
import { proceed, tell, withSession } from '../online/session.js';
import { resolveServer } from '../online/server.js';
import type { ExitCode, Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { minutes, replacesIdentity, waited, type OnboardOptions } from './cluster-onboard.js';

/** Options of `cluster onboard --manifest` and `--url`. */
export interface ManifestOptions extends OnboardOptions {
  manifest?: boolean;
  url?: boolean;
  namespace?: string;
  image?: string;
  proxy?: string;
  proxyBypass?: string;
  extraCa?: string;
  prometheus?: string;
  meshNamespace?: string;
  writeNamespace?: string[];
  envoyFilters?: boolean;
}

const okSchema = z.object({
  manifest: z.string().nullable(),
  path: z.string().nullable(),
  fetches: z.number().nullable(),
  expiresAt: z.string(),
});

const CREATE = {
  query: `mutation Manifest($input: CreateAgentManifestInput!) {
    createAgentManifest(input: $input) { ok { manifest path fetches expiresAt } error { ${errorFields()} } }
  }`,
  data: z.object({
    createAgentManifest: z.object({ ok: okSchema.nullish(), error: mutationErrorSchema.nullish() }),
  }),
};

/** Options that shape a manifest and mean nothing without one. */
const SHAPING = [
  'namespace',
  'image',
  'proxy',
  'proxyBypass',
  'extraCa',
  'prometheus',
  'meshNamespace',
  'writeNamespace',
  'envoyFilters',
] as const;

/** Whether a manifest is wanted; throws where options contradict each other. */
export function wantsManifest(options: ManifestOptions): boolean {
  const { manifest = false, url = false } = options;
  if (manifest && url) throw new UsageError('--manifest and --url exclude each other');
  if (!manifest && !url) return refuseShaping(options);
  if (options.output !== undefined) throw new UsageError('-o is for a token without a manifest');
  return true;
}

function refuseShaping(options: ManifestOptions): false {
  const given = SHAPING.find((name) => options[name] !== undefined);
  if (given === undefined) return false;
  const flag = given.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`--${flag} shapes a manifest: give --manifest or --url`);
}

/** `isthmus cluster onboard NAME --manifest`: what `kubectl apply -f -` takes, on stdout. With `--url`: the command that fetches it. */
export async function onboardByManifest(
  terminal: Terminal,
  cluster: string,
  options: ManifestOptions,
): Promise<ExitCode> {
  const input = { cluster, ...(await inputOf(options)) };
  return withSession(terminal, options, async (session) => {
    const again = await replacesIdentity(session, cluster, options);
    if (typeof again !== 'boolean') return again.code;
    const answer = await session.ask(CREATE, { input: { ...input, again } });
    return proceed(session, answer, async ({ createAgentManifest: { ok, error } }) => {
      if (!ok) return tell(terminal, error ? errorIssues(error) : []);
      const { manifest, path, fetches, expiresAt } = ok;
      if (manifest !== null) terminal.out(manifest);
      if (path !== null) terminal.out(`kubectl apply -f ${await addressOf(terminal, path, options.context)}\n`);
      const times = fetches === null ? '' : `; the address answers ${String(fetches)} times`;
      terminal.err(`# its token is for one use and valid until ${expiresAt}${times}\n`);
      return waited(session, cluster, options);
    });
  });
}

async function inputOf(options: ManifestOptions): Promise<Record<string, unknown>> {
  const {
    url,
    namespace,
    image,
    proxy,
    proxyBypass,
    extraCa,
    prometheus,
    meshNamespace,
    writeNamespace,
    envoyFilters,
  } = options;
  const fields = {
    ...{ namespace, image, meshNamespace, noProxy: proxyBypass },
    httpsProxy: proxy,
    prometheusUrl: prometheus,
    writeNamespaces: writeNamespace,
    envoyFilters,
    extraCa: extraCa === undefined ? undefined : await readCa(extraCa),
  };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { ...minutes(options.expires), byUrl: url === true, ...Object.fromEntries(given) };
}

async function readCa(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--extra-ca ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function addressOf(terminal: Terminal, path: string, context: string | undefined): Promise<string> {
  const server = await resolveServer(terminal.env, context);
  return server.ok ? new URL(path.slice(1), server.value.url).toString() : path;
}
