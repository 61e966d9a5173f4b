import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installIstioCrds, probeKubernetes, real, startKubeApiserver, type KubeApiserver } from '@isthmus/testing';
import { MESH_KINDS } from '@isthmus/installation';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isthmus } from '../terminal.fixture.js';

const onKubernetes = await real('kubernetes', probeKubernetes);

onKubernetes('isthmus check, over a cluster without an agent', () => {
  let server: KubeApiserver;
  const folder = mkdtempSync(path.join(tmpdir(), 'isthmus-check-'));
  beforeAll(async () => {
    server = await startKubeApiserver({ users: ['developer'] });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const check = (...args: string[]) => isthmus(['check', ...args].join(' '));

  it('needs a kubeconfig that can be used', async () => {
    const missing = await check('--kubeconfig', path.join(folder, 'none'));
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('ISM0680')]);
    const context = await check('--kubeconfig', server.kubeconfig, '--kube-context', 'none');
    expect([context.code, context.err]).toEqual([1, expect.stringContaining('ISM0680')]);
    expect((await check('--gateway', 'https://x:1')).code).toBe(64);
  });

  it('says what the cluster lacks, with a fix for each, and changes nothing', async () => {
    const { code, out } = await check('--kubeconfig', server.kubeconfig);
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^ok {4}apiserver: v1\.\d+\.\d+/),
      'WARN  mesh: ISM0474 no mesh was found in istio-system',
      expect.stringMatching(/^ {6}fix: Install Istio/),
      'skip  DNS capture: there is no mesh',
      'skip  east-west gateway: there is no mesh',
      expect.stringMatching(/^FAIL {2}kinds of the mesh: ISM0471 not served: ServiceEntry/),
      expect.stringMatching(/^ {6}fix: Install Istio's CRDs/),
      'skip  rights of the agent: no agent is installed in isthmus-system',
      'ok    rights to install: everything in the manifest can be made',
      'skip  gateway: give --gateway and --ca to dial it from here',
      '',
    ]);
  });

  it('says of a user without rights that somebody else has to install', async () => {
    await installIstioCrds(
      server.kubeconfig,
      MESH_KINDS.map(({ kind }) => kind),
    );
    const { code, out } = await check('--kubeconfig', server.kubeconfigOf('developer'), '-o', 'json');
    const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: { check: string; state: string }[] };
    expect([code, ok]).toEqual([1, false]);
    expect(Object.fromEntries(findings.map(({ check: name, state }) => [name, state]))).toMatchObject({
      'kinds of the mesh': 'ok',
      mesh: 'skip',
      'rights to install': 'fail',
    });
  });

  it('is clear for an administrator once the kinds are served', async () => {
    expect((await check('--kubeconfig', server.kubeconfig)).code).toBe(0);
  });

  it('dials a gateway from here when it is told to', async () => {
    const ca = path.join(folder, 'ca.pem');
    writeFileSync(ca, 'none');
    const { code, out } = await check(
      '--kubeconfig',
      server.kubeconfig,
      '--gateway',
      'https://127.0.0.1:1',
      '--ca',
      ca,
    );
    expect([code, out]).toEqual([1, expect.stringMatching(/FAIL +gateway: https:\/\/127\.0\.0\.1:1 is not reachable/)]);
  });
});
