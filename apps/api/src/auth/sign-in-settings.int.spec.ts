import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSignInSettings } from './sign-in-settings.js';

const HTTPS = new URL('https://isthmus.example');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isthmus-sign-in-'));
  await writeFile(join(folder, 'secret'), 'planted-secret\n');
  await writeFile(join(folder, 'empty'), '\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const corp = { name: 'corp', issuer: 'https://login.example', clientId: 'isthmus', clientSecretFile: 'secret' };

async function read(text: string, publicUrl = HTTPS) {
  const file = join(folder, 'sign-in.yaml');
  await writeFile(file, text);
  return readSignInSettings(file, publicUrl);
}

/** What a person is told at start: the lines after the heading. */
async function faults(text: string, publicUrl = HTTPS): Promise<string[]> {
  const error = await read(text, publicUrl).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  const [heading = '', ...lines] = error?.message.split('\n') ?? [];
  expect(heading).toBe(`ISM0575 Settings for sign-in cannot be used: ${join(folder, 'sign-in.yaml')}`);
  expect(error?.message).not.toContain('planted');
  return lines.map((line) => line.trim());
}
const faultsOf = (document: object, publicUrl = HTTPS) => faults(JSON.stringify(document), publicUrl);

it('names a file that is not there', async () => {
  const missing = join(folder, 'none.yaml');
  await expect(readSignInSettings(missing, HTTPS)).rejects.toThrow(
    `ISM0575 Settings for sign-in cannot be used: ${missing}\n  the file cannot be read (ENOENT)`,
  );
});

it.each([
  ['YAML', 'providers:\n  - name: [planted', /^line \d+, column \d+: neither YAML nor JSON \([A-Z_]+\)$/],
  ['JSON', '{"providers": [{"name": "planted" "x"}]}', /^line 1, column \d+: neither YAML nor JSON \([A-Z_]+\)$/],
  ['a key twice', 'sessionMinutes: 5\nsessionMinutes: 6', /^line 2, column 1: .*\(DUPLICATE_KEY\)$/],
])('names line and column of malformed %s, and repeats nothing', async (_what, text, said) => {
  expect(await faults(text)).toEqual([expect.stringMatching(said)]);
});

it('refuses aliases of nothing, and repeats nothing', async () => {
  expect(await faults('providers: *planted')).toEqual(['an alias names nothing, or too much']);
});

it.each<[string, object, string]>([
  ['a text', { providers: 'planted' }, 'providers: '],
  ['a field that there is not', { providers: [{ ...corp, clientSecret: 'planted' }] }, 'providers[0]: '],
  ['a field that there is not, at the top', { provider: [] }, 'Unrecognized key: "provider"'],
  ['a name that is no name', { providers: [{ ...corp, name: 'Corp!' }] }, 'providers[0].name: lower-case'],
  ['no client', { providers: [corp, { ...corp, name: 'b', clientId: undefined }] }, 'providers[1].clientId: '],
  [
    'an issuer over the network in the clear',
    { providers: [{ ...corp, issuer: 'http://login.example' }] },
    'providers[0].issuer: must be https',
  ],
  [
    'an issuer with a password',
    { providers: [{ ...corp, issuer: 'https://me:planted@login.example' }] },
    'providers[0].issuer: must be https',
  ],
  [
    'an issuer with a query',
    { providers: [{ ...corp, issuer: 'https://login.example?a=planted' }] },
    'providers[0].issuer: must be https',
  ],
  ['no address', { providers: [{ ...corp, issuer: 'planted' }] }, 'providers[0].issuer: '],
  [
    'two providers of one name',
    { providers: [corp, { ...corp, issuer: 'https://b.example' }] },
    'providers: names of providers must differ',
  ],
  [
    'one provider twice',
    { providers: [corp, { ...corp, name: 'b' }] },
    'providers: two providers have the same issuer and client',
  ],
  [
    'a secret that is not there',
    { providers: [{ ...corp, clientSecretFile: 'none' }] },
    'providers[0].clientSecretFile: the secret of corp',
  ],
  [
    'a secret that is empty',
    { providers: [{ ...corp, clientSecretFile: 'empty' }] },
    'providers[0].clientSecretFile: the secret of corp',
  ],
  ['a proof that there is not', { providers: [{ ...corp, require: { mfa: true } }] }, 'providers[0].require: '],
  ['no class of proof', { providers: [{ ...corp, require: { acr: [] } }] }, 'providers[0].require.acr: '],
  [
    'classes in one text',
    { providers: [{ ...corp, require: { acr: ['a b'] } }] },
    'providers[0].require.acr[0]: a class has no spaces',
  ],
  [
    'a proof of this very moment',
    { providers: [{ ...corp, require: { maxAgeMinutes: 0 } }] },
    'providers[0].require.maxAgeMinutes: ',
  ],
  ['a time between checks that is too long', { recheckSeconds: 301 }, 'recheckSeconds: '],
  ['sessions without end', { sessionMinutes: 7 * 24 * 60 + 1 }, 'sessionMinutes: '],
])('names the field of %s', async (_what, document, said) => {
  const found = await faultsOf(document);
  expect(found[0]?.slice(0, said.length)).toBe(said);
});

it('refuses that people sign in over a network in the clear', async () => {
  const found = await faultsOf({ providers: [corp] }, new URL('http://isthmus.example'));
  expect(found).toEqual([expect.stringContaining('PUBLIC_URL must be https')]);
});

it('tells every fault at once', async () => {
  const found = await faultsOf({ providers: [{ ...corp, issuer: 'x', name: '' }], idleMinutes: 0 });
  const fields = found.map((fault) => fault.slice(0, fault.indexOf(': ')));
  expect([...new Set(fields)]).toEqual(['providers[0].name', 'providers[0].issuer', 'idleMinutes']);
});

it('reads YAML and JSON, and secrets beside the file', async () => {
  const yaml =
    'providers:\n  - {name: corp, issuer: https://login.example, clientId: isthmus, clientSecretFile: secret}\n';
  for (const text of [yaml, JSON.stringify({ providers: [corp] })])
    expect((await read(text)).providers).toMatchObject([
      { name: 'corp', title: 'corp', clientSecret: 'planted-secret' },
    ]);
  expect((await read('')).providers).toEqual([]);
});
