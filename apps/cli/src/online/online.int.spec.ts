import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { CliEnv } from '../env.js';
import type { Terminal } from '../terminal.js';
import { isthmus } from '../terminal.fixture.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';

const EXAMPLE = fileURLToPath(new URL('../../../../examples/bookinfo', import.meta.url));

postgres.suite('commands over the API', () => {
  let api: TestApi;
  let root: string;
  let env: CliEnv;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'isthmus-online-'));
    api = await startTestApi();
    env = { configFile: join(root, 'config', 'isthmus'), noColour: true, forceColour: false, editor: 'vi' };
  });
  afterAll(async () => {
    await api.close();
    rmSync(root, { recursive: true, force: true });
  });
  const run = (args: string, given: Partial<Terminal> & { stdin?: string } = {}) => isthmus(args, { env, ...given });
  const as = (token: string, server = api.url): { env: CliEnv } => ({ env: { ...env, server, token } });

  describe('before there is a context', () => {
    it('says how to log in', async () => {
      const err = 'ISM0611 ERROR no server is known\n    hint: isthmus login --server URL --token-file FILE\n';
      expect(await run('get clusters')).toEqual({ code: 1, out: '', err });
    });

    it('refuses to log in with an empty or wrong token, an address that is none, and keeps nothing', async () => {
      expect((await run(`login --server ${api.url} --token-file -`, { stdin: ' \n' })).err).toContain('ISM0616');
      expect((await run(`login --server ${api.url} --token-file -`, { stdin: 'wrong' })).err).toContain('ISM0616');
      expect((await run('login --server ftp://x --token-file -', { stdin: 'x' })).err).toContain('ISM0611');
      expect((await run(`login --server ${api.url} --token-file ${root}/none`)).err).toContain('ISM0601');
      expect((await run('context list')).out).toBe('CURRENT  NAME  SERVER\n');
    });

    it('does not follow an address that answers something else', async () => {
      expect((await run('get clusters', as(api.token, `${api.url}/healthz/x`))).err).toMatch(/ISM06(12|18)/);
    });

    it('tells a server that cannot be reached', async () => {
      expect((await run('get clusters', as('x', 'http://127.0.0.1:9'))).err).toContain('ISM0610');
    });
  });

  describe('with a context', () => {
    it('which only its owner may read', async () => {
      const { code, err } = await run(`login --server ${api.url} --token-file - --name test`, {
        stdin: `${api.token}\n`,
      });
      expect([code, err]).toEqual([0, expect.stringContaining('context test') as string]);
      expect(statSync(env.configFile).mode & 0o777).toBe(0o600);
      expect((await run('context list')).out).toMatch(/\n\* {8}test {2}http/);
      expect((await run('context use tset')).err).toContain('did you mean test?');
      chmodSync(env.configFile, 0o644);
      expect((await run('get clusters')).err).toContain('ISM0614');
      chmodSync(env.configFile, 0o600);
    });

    it('whose name can be read again, in a file that can be written', async () => {
      const login = (name: string, given = {}) =>
        run(`login --server ${api.url} --token-file - --name ${name}`, { stdin: api.token, ...given });
      expect(await login('a'.repeat(261))).toMatchObject({ code: 64, out: '' });
      expect((await login('a'.repeat(260))).code).toBe(0);
      expect((await run(`context delete ${'a'.repeat(260)}`)).code).toBe(0);
      const nowhere = { ...env, configFile: join(EXAMPLE, 'README.md', 'config') };
      const { code, err } = await login('b', { env: nowhere });
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(/ISM0614 ERROR it cannot be written: .*\n.*ISTHMUS_CONFIG/),
      ]);
      expect((await run('context use test')).code).toBe(0);
    });

    it('finds nothing yet', async () => {
      expect(await run('get clusters')).toMatchObject({ code: 0, out: '', err: 'no Cluster found\n' });
      expect((await run('get gns bookinfo')).err).toContain('ISM0615');
      expect(await run('get culsters')).toMatchObject({
        code: 64,
        err: expect.stringContaining('did you mean clusters?') as string,
      });
    });

    it('refuses a bundle with errors before it is sent, and one without resources', async () => {
      const stdin = 'apiVersion: isthmus.dev/v1alpha1\nkind: Project\nmetadata: { name: A }\nspec: {}\n';
      const { code, err } = await run('apply -f -', { stdin });
      expect([code, err]).toEqual([1, expect.stringContaining('<stdin>:3:19 ISM0009 ERROR metadata.name:') as string]);
      expect((await run('apply -f -', { stdin: '' })).err).toContain('ISM0606');
    });

    it('shows a refusal of the server at the line of the file', async () => {
      const file = join(root, 'policy.yaml');
      writeFileSync(
        file,
        'apiVersion: isthmus.dev/v1alpha1\nkind: EncryptionPolicy\nmetadata: { name: p }\nspec: { targets: [{ globalNamespace: none }], mode: STRICT }\n',
      );
      const { code, err } = await run(`apply -f ${file}`);
      expect([code, err]).toEqual([1, expect.stringContaining(`${file}:4:`) as string]);
      expect(err).toContain('ISM0111');
    });

    it('plans, applies and then has nothing to change', async () => {
      expect((await run(`diff -f ${EXAMPLE} --detailed-exitcode`)).code).toBe(2);
      const dry = await run(`apply -f ${EXAMPLE} --dry-run`);
      expect(dry.out).toContain('globalnamespace/default/bookinfo created (dry run)');
      expect((await run('get gns')).out).toBe('');
      const applied = await run(`apply -f ${EXAMPLE}`);
      expect([applied.code, applied.out]).toEqual([0, expect.stringContaining('cluster/east created\n') as string]);
      expect(await run(`diff -f ${EXAMPLE} --detailed-exitcode`)).toMatchObject({ code: 0, out: '' });
      expect((await run(`apply -f ${EXAMPLE}`)).out).toContain('globalnamespace/default/bookinfo unchanged');
    });

    it('shows resources as table, documents and names, chosen by label', async () => {
      expect((await run('get clusters')).out).toMatch(/^NAME +MESH +CONNECTED +APPLIED +AGE\neast +istio/);
      expect((await run('get cluster -l site=us-east-1 -o name')).out).toBe('cluster/east\n');
      expect((await run('get cluster -l provider!aws')).code).toBe(64);
      expect((await run('get clusters -o wide')).out).toContain('us-east-1/us-east-1a');
      const list: unknown = JSON.parse((await run('get slo -o json')).out);
      expect(list).toMatchObject({ kind: 'List', items: [{ kind: 'SloPolicy', metadata: { project: 'default' } }] });
      expect(parse((await run('get gns bookinfo -o yaml')).out)).toMatchObject({
        kind: 'GlobalNamespace',
        spec: { domain: 'bookinfo.global' },
      });
    });

    it('creates nothing of a bundle that is partly there, says where, and creates what is not', async () => {
      const { code, out, err } = await run(`create -f ${EXAMPLE}`);
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(/bookinfo\/\S+\.yaml:\d+:\d+ ISM0556 ERROR metadata\.name: GlobalNamespace bookinfo /);
      const stdin = 'apiVersion: isthmus.dev/v1alpha1\nkind: Project\nmetadata: { name: created }\nspec: {}\n';
      expect((await run('create -f - --dry-run', { stdin })).out).toBe('project/created created (dry run)\n');
      expect(await run('create -f -', { stdin })).toMatchObject({ code: 0, out: 'project/created created\n' });
      expect((await run('create -f -', { stdin })).err).toContain('<stdin>:3:19 ISM0556');
      expect((await run('delete project created --yes')).code).toBe(0);
    });

    it('takes back what it showed', async () => {
      const { out } = await run('get gns bookinfo -o yaml');
      expect(await run('apply -f -', { stdin: out })).toMatchObject({
        code: 0,
        out: 'globalnamespace/default/bookinfo unchanged\n',
      });
    });

    it('describes with conditions, and shows the status of targets', async () => {
      expect((await run('describe gns bookinfo')).out).toMatch(/domain: bookinfo.global[^]*Conditions:\nTYPE/);
      expect((await run('describe cluster east')).out).toContain('Connected');
      expect((await run('describe slo bookinfo-availability')).out).toContain('Reports: none yet');
      expect((await run('status')).out).toMatch(/^GLOBAL NAMESPACE +CLUSTER/);
      expect(JSON.parse((await run('status -o json')).out)).toMatchObject({ globalNamespaces: [{ name: 'bookinfo' }] });
    });

    it('describes what an agent reported without naming a resource, and how to let held deletions happen', async () => {
      await api.holdPrune('east', 'bookinfo');
      for (const what of ['gns bookinfo', 'cluster east']) {
        const { out } = await run(`describe ${what}`);
        expect(out).toMatch(/Issues:\nGlobalNamespace\/default\/bookinfo ISM0434 WARNING \[east\] 5 deletions/);
        expect(out).toMatch(/hint: isthmus approve [\w-]+\n/);
      }
      expect((await run('describe gns bookinfo')).out).not.toContain('[west]');
    });

    it('stops waiting when the time is over', async () => {
      let time = Date.UTC(2026, 0, 1);
      const now = () => new Date((time += 600));
      const { code, err } = await run('wait gns bookinfo --for=condition=Applied --timeout 2s', { now });
      expect([code, err]).toEqual([1, expect.stringContaining('ISM0617') as string]);
      expect((await run('wait gns bookinfo --for=Applied')).code).toBe(64);
      expect((await run('wait cluster east --for=condition=Connected=true --timeout 1y')).code).toBe(64);
      const met = await run('wait cluster west --for=condition=applied=unknown --timeout 1s', { now });
      expect(met.out).toBe('cluster/west condition met\n');
    });

    it('gives a token for an agent on stdout, and everything else beside it', async () => {
      expect((await run('cluster onboard none')).code).toBe(1);
      const asked = await run('cluster onboard east');
      expect([asked.code, asked.err]).toEqual([64, expect.stringContaining('add --yes') as string]);
      const { code, out, err } = await run('cluster onboard east --yes');
      expect([code, out.trim().split('\n').length]).toEqual([0, 1]);
      expect(err).toMatch(
        /it is not shown again[^]*cluster onboard east --manifest \| kubectl apply -f -\n[^]*cluster onboard east --url\n[^]*helm install[^]*isthmus-agent run/,
      );
      expect(err).not.toContain(out.trim());
      expect(JSON.parse((await run('cluster onboard east --yes -o json')).out)).toMatchObject({
        gatewayUrl: 'https://gateway.example:4443',
      });
    });

    it('gives a manifest on stdout, or the command that fetches it once its token was made', async () => {
      const manifest = await run(
        'cluster onboard east --yes --manifest --namespace mesh-agents --image registry.example/a:1',
      );
      expect([manifest.code, manifest.err]).toEqual([0, expect.stringContaining('its token is for one use') as string]);
      expect(manifest.out).toMatch(/^apiVersion: v1\nkind: Namespace\nmetadata:\n {2}name: mesh-agents\n/);
      expect(manifest.out).toContain('image: registry.example/a:1');
      const { code, out } = await run('cluster onboard east --yes --url --expires 60');
      const [, address] = /^kubectl apply -f (\S+)\n$/.exec(out) ?? [];
      expect([code, address?.startsWith(`${api.url}/v1/manifests/isthm_`)]).toEqual([0, true]);
      const fetched = await fetch(address ?? '');
      expect([fetched.status, await fetched.text()]).toEqual([
        200,
        expect.stringContaining('kind: Deployment') as string,
      ]);
    });

    it.each([
      ['--manifest --url', 'exclude each other'],
      ['--url -o json', '-o is for a token'],
      ['--proxy http://p', '--proxy shapes a manifest'],
      ['--write-namespace a b', '--write-namespace shapes a manifest'],
      ['--manifest --extra-ca /nowhere', '--extra-ca /nowhere'],
      ['--manifest --expires soon', '--expires takes minutes'],
    ])('refuses cluster onboard %s', async (options, said) => {
      const { code, err } = await run(`cluster onboard east ${options}`);
      expect([code, err]).toEqual([64, expect.stringContaining(said) as string]);
    });

    it('names the field of a manifest that is wrong', async () => {
      const { code, err } = await run('cluster onboard east --yes --manifest --proxy http://me:pw@proxy:3128');
      expect([code, err]).toEqual([1, expect.stringMatching(/ISM0533[^]*proxy\.https/) as string]);
    });

    it('does not let a token change what it may only read', async () => {
      expect((await run('get clusters', as(api.viewerToken))).code).toBe(0);
      const { code, err } = await run(`apply -f ${EXAMPLE}`, as(api.viewerToken));
      expect([code, err]).toEqual([1, expect.stringContaining('ISM0616') as string]);
    });

    it('deletes only after a yes', async () => {
      expect(await run('delete slo bookinfo-availability')).toMatchObject({
        code: 64,
        err: expect.stringContaining('--yes') as string,
      });
      const no = await run('delete slo bookinfo-availability', { confirm: () => Promise.resolve(false) });
      expect([no.code, no.err]).toEqual([1, 'nothing was deleted\n']);
      expect((await run('delete slo bookinfo-availability --yes')).out).toBe(
        'slopolicy/default/bookinfo-availability deleted\n',
      );
      expect((await run('delete slo bookinfo-availability --yes')).err).toContain('There is no SloPolicy');
      expect((await run('delete slo')).code).toBe(64);
    });

    it('shows the steps of a cluster, and fails while it is not ready', async () => {
      const { code, out } = await run('cluster steps west');
      expect(code).toBe(1);
      expect(out).toMatch(/^STEP +STATE[^]*token issued +ACTIVE[^]*isthmus cluster onboard west[^]*not ready\n$/);
      expect((await run('describe cluster west')).out).toContain('Onboarding:');
      expect((await run('cluster steps nowhere')).err).toContain('ISM0615');
    });

    it('evicts a cluster only when somebody agrees, and then shows what stays behind', async () => {
      expect((await run('cluster evict east')).code).toBe(64);
      expect((await run('cluster evict east --dry-run')).err).toContain('GLOBAL NAMESPACE');
      const { code, out } = await run('cluster evict east --yes');
      expect([code, out]).toEqual([0, expect.stringMatching(/east was evicted: 5 objects stay behind/) as string]);
      expect((await run('cluster leave east --yes')).err).toContain('ISM0546');
    });

    it('deletes a bundle, what refers to others first', async () => {
      await run(`apply -f ${EXAMPLE}`);
      for (const name of ['east', 'west', 'onprem']) await run(`cluster evict ${name} --yes`);
      const { code, out } = await run(`delete -f ${EXAMPLE} --yes`);
      expect(code).toBe(0);
      expect(out.indexOf('encryptionpolicy/')).toBeLessThan(out.indexOf('cluster/'));
      expect((await run('get gns')).out).toBe('');
    });

    it('shows changes until it is interrupted', async () => {
      const project = (name: string) =>
        `apiVersion: isthmus.dev/v1alpha1\nkind: Project\nmetadata: { name: ${name} }\nspec: {}\n`;
      await run('apply -f -', { stdin: project('one') });
      const interrupt = new AbortController();
      let polls = 0;
      const sleep = async () => {
        polls += 1;
        if (polls === 1) await run('apply -f -', { stdin: project('two') });
        else interrupt.abort();
      };
      const { code, out } = await run('get projects -w -o name', { sleep, signal: interrupt.signal });
      expect([code, out]).toEqual([0, expect.stringMatching(/project\/one\n[^]*project\/two\n$/) as string]);
    });

    it('forgets a context with its token', async () => {
      expect((await run('context delete test')).code).toBe(0);
      expect(readFileSync(env.configFile, 'utf8')).not.toContain(api.token);
      expect((await run('get clusters')).err).toContain('ISM0611');
    });
  });
});
