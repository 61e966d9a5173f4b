import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { runAdmin } from '@isthmus/admin';
import { createCertificateRequest, enrol, renewalDoor } from '@isthmus/agent';
import type { Identity } from '@isthmus/agent';
import { fileKeyStore } from '@isthmus/api';
import { systemClock } from '@isthmus/platform';
import type { Clock } from '@isthmus/platform';
import type { Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Centre, ORG } from './centre.fixture.js';
import { RawStream } from './raw-stream.fixture.js';

const postgres = await testPostgres();
const OLD = 'CN=Isthmus gateway CA';
const NEW = 'CN=Isthmus gateway CA 2';

/** Real TLS bears five minutes in either way: the spec begins behind the time, and ends ahead of it. */
const clockOffBy = (minutes: number): Clock => ({
  ...systemClock,
  now: () => new Date(Date.now() + minutes * 60_000),
});

postgres.suite('the authority of agents’ identities', () => {
  let store: Store;
  let url = '';
  let keysDir = '';
  let centre: Centre;
  const agents = new Map<string, Identity>();

  beforeAll(async () => {
    ({ store, url } = await postgres.freshStore());
    keysDir = await mkdtemp(join(tmpdir(), 'isthmus-rotation-'));
    centre = new Centre(store);
    centre.keys = fileKeyStore(keysDir);
    centre.clock = clockOffBy(-4);
    await centre.start({ authoritiesMs: 100 });
    for (const name of ['renews-by-stream', 'renews-at-door', 'away', 'revoked'])
      agents.set(name, await enrolled(name));
  });
  afterAll(async () => {
    await centre.stop();
    await store.close();
    await rm(keysDir, { recursive: true });
  });

  const agent = (name: string): Identity => {
    const identity = agents.get(name);
    if (identity === undefined) throw new Error(`${name} is not enrolled`);
    return identity;
  };
  const dial = async (name: string, ca = centre.gateway.caPem) => {
    const token = await centre.token(await centre.addCluster(name));
    return enrol({ gateway: centre.url, ca, token, clusterUid: 'uid-1', agentVersion: 'spec' });
  };
  const enrolled = async (name: string, ca?: string): Promise<Identity> => {
    const result = await dial(name, ca);
    if (!result.ok) throw new Error(result.message);
    await welcomed(result.identity);
    return result.identity;
  };
  const welcomed = async (identity: Identity): Promise<RawStream> => {
    const stream = await RawStream.open(centre, identity);
    stream.hello({});
    await stream.next('welcome');
    return stream;
  };
  const issuer = ({ certificate }: Identity): string => new X509Certificate(certificate).issuer;
  const trusts = ({ ca }: Identity): number => ca.match(/BEGIN CERTIFICATE/g)?.length ?? 0;
  /** The operator's command, as the program runs it. */
  const admin = async (...argv: string[]): Promise<{ code: number; said: string }> => {
    let said = '';
    const out = new Writable({
      write: (chunk, _encoding, done) => {
        said += String(chunk);
        done();
      },
    });
    const env = { databaseUrl: url, gatewayKeysDir: keysDir, statementKeyFile: '', signInKeyFile: '' };
    const secretKeys = { text: undefined, file: undefined };
    const terminal = { out, err: (line: string) => void (said += `${line}\n`), stdin: Readable.from([]) };
    const code = await runAdmin(argv, { ok: true, env: { ...env, secretKeys } }, terminal);
    return { code, said };
  };
  const authorities = (count: number) =>
    expect.poll(() => centre.gateway.caPem.match(/BEGIN CERTIFICATE/g), { timeout: 10_000 }).toHaveLength(count);

  it('is not retired without another, nor one that is not there', async () => {
    expect(await admin('retire-ca', '1')).toMatchObject({ code: 1, said: expect.stringContaining('newest') as string });
    expect(await admin('retire-ca', '2')).toMatchObject({
      code: 1,
      said: expect.stringContaining('not live') as string,
    });
  });

  it('is joined by a new one that agents get to trust, while all goes on', async () => {
    expect(await admin('rotate-ca')).toMatchObject({
      code: 0,
      said: expect.stringContaining('{"authority":2,"with":[1]}') as string,
    });
    await authorities(2);
    expect((await stat(join(keysDir, 'gateway-ca-2.pem'))).mode & 0o777).toBe(0o600);
    expect(await admin('rotate-ca')).toMatchObject({ code: 1, said: expect.stringContaining('under way') as string });
    for (const name of agents.keys()) await welcomed(agent(name));
    const early = await enrolled('early');
    agents.set('early', early);
    expect([issuer(early), trusts(early)]).toEqual([OLD, 2]); // no process signs before every one trusts
  });

  it('is renewed without enrolling: over the stream, and at the door, both authorities in each answer', async () => {
    await centre.stop();
    centre.clock = clockOffBy(0);
    await centre.start({ authoritiesMs: 100 });
    const stream = await welcomed(agent('renews-by-stream'));
    const { privateKey, csr } = await createCertificateRequest();
    stream.send({ type: 'renew', csr });
    const { certificate, ca } = await stream.next('certificate');
    agents.set('renews-by-stream', { ...agent('renews-by-stream'), privateKey, certificate, ca });
    agents.set('renews-at-door', await renewalDoor({ gateway: centre.url })(agent('renews-at-door')));
    for (const name of ['renews-by-stream', 'renews-at-door']) {
      expect([issuer(agent(name)), trusts(agent(name))]).toEqual([NEW, 2]);
      await welcomed(agent(name));
    }
    agents.set('new', await enrolled('new', agent('away').ca)); // by an installation of before
    expect(issuer(agent('new'))).toBe(NEW);
  });

  it('is not retired while agents live by it alone, and says which', async () => {
    await store.mutate(ORG, { actor: 'spec', action: 'revoke' }, (tx) =>
      tx.sessions.revoke(agent('revoked').cluster.uid),
    );
    const { code, said } = await admin('retire-ca', '1');
    expect(code).toBe(1);
    expect(said.match(/not renewed yet: \S+/g)?.sort()).toEqual([
      'not renewed yet: default/away,',
      'not renewed yet: default/early,',
    ]);
    expect(said).toContain('--force');
    expect(await readdir(keysDir)).toContain('gateway-ca.pem');
  });

  it('is retired by force: it cuts open streams, and those who renewed know no difference', async () => {
    const [open, renewed] = [await welcomed(agent('early')), await welcomed(agent('renews-by-stream'))];
    const { code, said } = await admin('retire-ca', '1', '--force');
    expect(code).toBe(0);
    expect(said).toContain('lost: default/away');
    await authorities(1);
    expect(await open.next('bye')).toMatchObject({
      reason: 'revoked',
      detail: expect.stringContaining('authority 1') as string,
    });
    expect(renewed.messages.some(({ type }) => type === 'bye')).toBe(false);
    renewed.close();
    for (const name of ['renews-by-stream', 'renews-at-door', 'new']) await welcomed(agent(name));
    expect(await readdir(keysDir)).not.toContain('gateway-ca.pem');
    expect(trusts(await renewalDoor({ gateway: centre.url })(agent('renews-by-stream')))).toBe(1);
  });

  it('that is retired opens nothing: an agent that was away is told so with a number, on its side and on this', async () => {
    const away = agent('away');
    await expect(renewalDoor({ gateway: centre.url })(away)).rejects.toThrow(
      /^ISM0574 .*«Isthmus gateway CA 2».*onboard/,
    );
    await expect(RawStream.open(centre, away)).rejects.toThrow(/^ISM0574 .*«Isthmus gateway CA» alone/);
    const informed = { ...away, ca: centre.gateway.caPem };
    await expect(RawStream.open(centre, informed)).rejects.toThrow('403');
    await expect(renewalDoor({ gateway: centre.url })(informed)).rejects.toThrow(/^ISM0574 .*authority 1/);
    const again = await enrol({
      ...{ gateway: centre.url, ca: centre.gateway.caPem, clusterUid: 'uid-1', agentVersion: 'spec' },
      token: await centre.token(away.cluster.uid, 60_000, true),
    });
    if (!again.ok) throw new Error(again.message);
    agents.set('away', again.identity);
    await welcomed(again.identity);
  });

  it('is retired without force once every agent has renewed, and never has the number of an earlier one', async () => {
    expect((await admin('rotate-ca')).said).toContain('{"authority":3,"with":[2]}');
    await authorities(2);
    await centre.stop();
    centre.clock = clockOffBy(4);
    await centre.start({ authoritiesMs: 100 });
    for (const name of ['renews-by-stream', 'renews-at-door', 'new', 'away']) {
      expect((await admin('retire-ca', '2')).said).toContain(`not renewed yet: default/${name},`);
      const renewed = await renewalDoor({ gateway: centre.url })(agent(name));
      expect(issuer(renewed)).toBe('CN=Isthmus gateway CA 3');
      agents.set(name, renewed);
      await welcomed(renewed);
    }
    expect(await admin('retire-ca', '2')).toMatchObject({
      code: 0,
      said: expect.not.stringContaining('lost:') as string,
    });
    await authorities(1);
    for (const name of ['renews-by-stream', 'renews-at-door', 'new', 'away']) await welcomed(agent(name));
  });

  it('does not bring back who was revoked', async () => {
    const informed = { ...agent('revoked'), ca: centre.gateway.caPem };
    await expect(RawStream.open(centre, informed)).rejects.toThrow('403');
    const state = await store.withTenant(ORG, (tx) => tx.certificates.ofCluster(agent('revoked').cluster.uid));
    expect(state.map((one) => one.state)).toEqual(['REVOKED']);
  });

  it('is in the audit log: when it was rotated and retired, and who was lost', async () => {
    const { items } = await store.withTenant(ORG, (tx) => tx.audit.list({ subjectKind: 'Authority' }, { first: 5 }));
    expect(items.map(({ record }) => [record.action, record.subjectId])).toEqual([
      ['retireAuthority', '2'],
      ['rotateAuthority', '3'],
      ['retireAuthority', '1'],
      ['rotateAuthority', '2'],
    ]);
    expect(items.map(({ record }) => JSON.stringify(record.after).includes('away'))).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });
});
