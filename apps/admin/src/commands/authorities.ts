import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  atomicWriteFile,
  authorityFile,
  certificatesOf,
  readKeys,
  readSecretFile,
  retiredFile,
  wantedFile,
} from '@isthmus/platform';
import type { CertificateRecord, Store } from '@isthmus/store';
import type { AdminEnv } from '../env.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { withStore } from './with-store.js';

interface AuthorityFiles {
  live: number[];
  wanted: number[];
}

/** What lies in the home of the gateway's keys: live authorities, and wanted ones that the gateway has not made yet. */
async function filesIn(folder: string): Promise<AuthorityFiles> {
  const names = new Set(await readdir(folder).catch(() => []));
  const found: AuthorityFiles = { live: [], wanted: [] };
  for (let number = 1; ; number += 1) {
    if (names.has(retiredFile(number))) continue;
    if (names.has(authorityFile(number))) found.live.push(number);
    else if (names.has(wantedFile(number))) found.wanted.push(number);
    else return found;
  }
}

/** Begins a rotation: the gateway makes the next authority, trusts it at once, and signs with it soon after. */
export async function rotateCaCommand(env: AdminEnv, terminal: Terminal): Promise<ExitCode> {
  const folder = env.gatewayKeysDir;
  const { live, wanted } = await filesIn(folder);
  const newest = live.at(-1);
  if (newest === undefined)
    return refuse(terminal, `${folder} holds no authority: is GATEWAY_KEYS_DIR that of the API?`);
  if (wanted.length > 0)
    return refuse(terminal, `authority ${wanted.join()} is wanted already; a running API makes it`);
  if (live.length > 1)
    return refuse(terminal, `a rotation is under way: authorities ${live.join(', ')}; retire-ca ${live[0]} ends it`);
  const authority = newest + 1;
  await withStore(env, (store) => audit(store, { action: 'rotateAuthority', number: authority, after: {} }));
  const file = await open(join(folder, wantedFile(authority)), 'wx', 0o600);
  await file.writeFile('wanted\n');
  await file.close();
  terminal.out.write(`${JSON.stringify({ authority, with: live })}\n`);
  terminal.err(`every running API trusts authority ${authority} within 30 seconds and signs with it two minutes later`);
  terminal.err(
    `agents renew within a day; then retire-ca ${newest} ends the rotation, or names who has not renewed yet`,
  );
  return EXIT.done;
}

/** An agent that would be lost with an authority. */
interface Dependent {
  organization: string;
  cluster: string;
  validUntil: string;
  lastSeen: string | null;
}

/** Ends a rotation: certificates of the authority open nothing any more, its key is removed, its number is not used again. */
export async function retireCaCommand(
  env: AdminEnv,
  { number, force }: { number: number; force: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const folder = env.gatewayKeysDir;
  const { live, wanted } = await filesIn(folder);
  if (!live.includes(number))
    return refuse(terminal, `authority ${number} is not live; live are ${live.join(', ') || 'none'}`);
  if (wanted.length > 0) return refuse(terminal, `authority ${wanted.join()} is not made yet: is an API running?`);
  if (number === live.at(-1)) return refuse(terminal, `authority ${number} is the newest: rotate-ca first`);
  return withStore(env, async (store) => {
    const lost = await dependents(store, number);
    for (const one of lost)
      terminal.err(
        `${force ? 'lost' : 'not renewed yet'}: ${one.organization}/${one.cluster}, certificate until ${one.validUntil}, last seen ${one.lastSeen ?? 'never'}`,
      );
    if (lost.length > 0 && !force)
      return refuse(
        terminal,
        `${lost.length} agents live by authority ${number} alone; --force retires it, and they have to be enrolled again`,
      );
    await audit(store, { action: 'retireAuthority', number, after: { lost } });
    await retire(env, number);
    terminal.out.write(`${JSON.stringify({ retired: number, lost })}\n`);
    terminal.err('every running API follows within 30 seconds');
    return EXIT.done;
  });
}

function refuse(terminal: Terminal, message: string): ExitCode {
  terminal.err(`error: ${message}`);
  return EXIT.failed;
}

/** The certificate stays, so that those whom it signed are told why they are refused; the key goes. */
async function retire({ gatewayKeysDir, secretKeys }: AdminEnv, number: number): Promise<void> {
  const file = join(gatewayKeysDir, authorityFile(number));
  const [certificate] = certificatesOf((await readSecretFile(file, await readKeys(secretKeys))) ?? '');
  if (certificate === undefined) throw new Error(`${file} holds no certificate`);
  const mark = join(gatewayKeysDir, retiredFile(number));
  await atomicWriteFile(mark, certificate.toString(), { mode: 0o600 });
  await rm(file);
}

/** An agent comes back by itself for so long after its certificate ran out. */
const DOOR_MS = 30 * 86_400_000;

async function dependents(store: Store, number: number): Promise<Dependent[]> {
  const found: Dependent[] = [];
  for (const { id: organization } of await store.system.organizations())
    await store.withTenant(organization, async (tx) => {
      const held = (await tx.certificates.held()).filter((one) => one.authority === number && mayComeBack(one));
      for (const { cluster, notAfter } of held) {
        const [resource, session] = [await tx.resources.byUid(cluster), await tx.sessions.get(cluster)];
        if (resource === undefined || session?.revokedAt !== undefined) continue;
        const lastSeen = session?.lastSeenAt?.toISOString() ?? null;
        found.push({ organization, cluster: resource.name, validUntil: notAfter.toISOString(), lastSeen });
      }
    });
  return found;
}

const mayComeBack = ({ notAfter }: CertificateRecord): boolean => notAfter.getTime() + DOOR_MS > Date.now();

async function audit(
  store: Store,
  { action, number, after }: { action: string; number: number; after: object },
): Promise<void> {
  for (const { id } of await store.system.organizations())
    await store.mutate(id, { actor: 'system:admin', action }, (tx) =>
      tx.record({ kind: 'Authority', id: String(number), name: `gateway CA ${number}`, after }),
    );
}
