import type { KubeObject } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { MESH_KINDS, RIGHTS } from '../rights.js';
import { checkCluster, judgeVersion } from './cluster-check.js';
import type { AccessQuestion, Answer, ClusterProbe } from './cluster-probe.js';
import { findingLines, isClear } from './finding.js';
import { judgeGatewayDial, type GatewayDial } from './gateway-check.js';
import { checkInstaller } from './installer-check.js';
import { checkRights } from './rights-check.js';

const good = <T>(value: T): Promise<Answer<T>> => Promise.resolve({ ok: true, value });
const bad = (message: string): Promise<Answer<never>> =>
  Promise.resolve({ ok: false, failure: { kind: 'transient', message } });

/** A cluster that holds these objects and grants what the test says. */
function probeOf(objects: KubeObject[], allows: (question: AccessQuestion) => boolean = () => true): ClusterProbe {
  return {
    version: () => good('v1.36.3'),
    allows: (question) => good(allows(question)),
    list: ({ type, namespace }) =>
      good({
        items: objects.filter(
          ({ kind, metadata }) => kind === type.kind && (namespace === undefined || metadata.namespace === namespace),
        ),
      }),
    discovery: { find: () => good({}) },
  };
}

const istiod: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'istiod', namespace: 'istio-system', labels: { app: 'istiod' } },
  spec: {
    selector: { matchLabels: { app: 'istiod' } },
    template: {
      metadata: { labels: { app: 'istiod' } },
      spec: { containers: [{ name: 'discovery', image: 'docker.io/istio/pilot:1.31.1' }] },
    },
  },
};
const meshConfig = (capture: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'istio', namespace: 'istio-system' },
  data: { mesh: `defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "${capture}" } }` },
});
const gateway = (ingress: object[]): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'eastwest', namespace: 'istio-system', labels: { istio: 'eastwestgateway' } },
  spec: { type: 'LoadBalancer', selector: { istio: 'eastwestgateway' }, ports: [{ name: 'tls', port: 15443 }] },
  status: { loadBalancer: { ingress } },
});
const statesOf = async (objects: KubeObject[]) =>
  Object.fromEntries(
    (await checkCluster(probeOf(objects), 'istio-system')).map(({ check, state, code }) => [check, code ?? state]),
  );

describe('the mesh of a cluster', () => {
  it('is found with version, DNS capture and gateway', async () => {
    const findings = await checkCluster(
      probeOf([istiod, meshConfig('true'), gateway([{ ip: '192.0.2.9' }])]),
      'istio-system',
    );
    expect(isClear(findings)).toBe(true);
    expect(findingLines(findings)).toEqual([
      'ok    apiserver: v1.36.3',
      'ok    mesh: istio 1.31.1',
      'ok    DNS capture: on',
      'ok    east-west gateway: istio-system/eastwest at 192.0.2.9:15443',
      `ok    kinds of the mesh: ${MESH_KINDS.length} of ${MESH_KINDS.length} are served`,
    ]);
  });

  it('is missed with a fix, and without a mesh nothing is said of its parts', async () => {
    expect(await statesOf([])).toMatchObject({ mesh: 'ISM0474', 'DNS capture': 'skip', 'east-west gateway': 'skip' });
  });

  it('is told that hosts do not resolve where DNS capture is off or not said', async () => {
    expect(await statesOf([istiod, meshConfig('false')])).toMatchObject({ mesh: 'ok', 'DNS capture': 'ISM0474' });
    expect(await statesOf([istiod])).toMatchObject({ 'DNS capture': 'ISM0474' });
  });

  it('is told when its gateway has no address yet', async () => {
    const findings = await checkCluster(probeOf([istiod, gateway([])]), 'istio-system');
    expect(findingLines(findings).join('\n')).toContain('istio-system/eastwest has no address, or no port 15443');
    expect(findingLines(await checkCluster(probeOf([istiod]), 'istio-system')).join('\n')).toContain('none was found');
  });

  it('is skipped, not judged, where it cannot be read', async () => {
    const probe = { ...probeOf([]), list: () => bad('forbidden') };
    const findings = await checkCluster(probe, 'istio-system');
    expect(findings.find(({ check }) => check === 'mesh')).toMatchObject({
      state: 'skip',
      detail: expect.stringContaining('forbidden') as string,
    });
  });

  it('lacks kinds that are named', async () => {
    const find = (_: string, kind: string) => (kind === 'Gateway' ? bad('no') : good({}));
    const findings = await checkCluster({ ...probeOf([]), discovery: { find } }, 'istio-system');
    expect(findings.find(({ check }) => check === 'kinds of the mesh')).toMatchObject({
      state: 'fail',
      detail: 'not served: Gateway (networking.istio.io/v1)',
    });
  });

  it('may lack kinds that only some policies need', async () => {
    const optional = new Set(MESH_KINDS.filter((one) => one.optional === true).map(({ kind }) => kind));
    const find = (_: string, kind: string) => (optional.has(kind) ? bad('no') : good({}));
    const findings = await checkCluster({ ...probeOf([]), discovery: { find } }, 'istio-system');
    expect(findings.find(({ check }) => check === 'kinds of the mesh')).toMatchObject({
      state: 'warn',
      detail: expect.stringContaining('Telemetry (telemetry.istio.io/v1)') as string,
    });
  });
});

describe('the version of an apiserver', () => {
  it.each([
    ['v1.31.9', 'fail'],
    ['v1.32.0', 'ok'],
    ['v1.36.3', 'ok'],
    ['v1.37.1+k3s1', 'ok'],
    ['v1.38.0', 'warn'],
    ['v2.0.0', 'fail'],
    ['none', 'fail'],
  ])('%s is judged %s', (version, state) => {
    expect(judgeVersion('apiserver', version).state).toBe(state);
  });
});

describe('the rights of an agent', () => {
  const question = { namespace: 'isthmus-system', asAccount: false };

  it.each(RIGHTS.flatMap((right) => right.verbs.map((verb) => ({ ...right, verb }))))(
    'are missed where $verb $resource of "$group" is not granted ($scope)',
    async ({ verb, resource, group, names }) => {
      const isIt = (asked: AccessQuestion): boolean =>
        asked.verb === verb && asked.resource === resource && asked.group === group && asked.name === names?.[0];
      const [first] = await checkRights(
        probeOf([], (asked) => !isIt(asked)),
        question,
      );
      expect(first).toMatchObject({ state: 'fail', code: 'ISM0470' });
      expect(first?.detail).toContain(`may not ${verb} ${resource}`);
      expect(first?.fix).toContain('isthmus-agent');
    },
  );

  it('are whole where everything is granted', async () => {
    expect(await checkRights(probeOf([]), question)).toMatchObject([{ state: 'ok' }]);
  });

  it('are whole without those that nobody asked for, which are named, and not with a part of them', async () => {
    const without = (verbs: readonly string[]) =>
      checkRights(
        probeOf([], ({ resource, verb }) => resource !== 'envoyfilters' || !verbs.includes(verb)),
        question,
      );
    const [whole] = await without(['get', 'list', 'watch', 'create', 'patch', 'delete']);
    expect(whole).toMatchObject({ state: 'ok' });
    expect(whole?.detail).toContain('not asked for: envoyfilters (rbac.envoyFilters)');
    expect(await without(['get', 'list', 'watch', 'patch', 'delete'])).toMatchObject([
      { state: 'fail' },
      { state: 'fail' },
    ]);
  });

  it('are a warning, not a fault, where mesh configuration may be written in some namespaces only', async () => {
    const isLimited = ({ verb, group, namespace }: AccessQuestion): boolean =>
      !(group.endsWith('istio.io') && ['create', 'patch', 'delete'].includes(verb) && namespace === undefined);
    const findings = await checkRights(probeOf([], isLimited), question);
    expect(findings.map(({ state }) => state)).toEqual(['ok', 'warn']);
  });

  it('are not judged where the cluster does not answer', async () => {
    const findings = await checkRights({ ...probeOf([]), allows: () => bad('timeout') }, question);
    expect(findings).toMatchObject([{ state: 'skip', detail: 'the cluster does not say: timeout' }]);
  });
});

describe('the rights to install', () => {
  const mine = (allows: (question: AccessQuestion) => boolean) => checkInstaller(probeOf([], allows), 'isthmus-system');

  it('are missed by name', async () => {
    const [finding] = await mine(({ resource, verb }) => !(resource === 'clusterroles' && verb === 'create'));
    expect(finding).toMatchObject({ state: 'fail', detail: 'may not create clusterroles' });
  });

  it('need no escalation where everything that is granted is held', async () => {
    expect(await mine(({ verb }) => verb !== 'escalate')).toMatchObject([{ state: 'ok' }]);
    expect(await mine(({ verb, resource }) => verb !== 'escalate' && resource !== 'pods')).toMatchObject([
      { state: 'fail' },
    ]);
    expect(await mine(({ resource }) => resource !== 'pods')).toMatchObject([{ state: 'ok' }]);
  });
});

describe('a dial of the gateway', () => {
  const now = Date.parse('2026-01-01T12:00:00Z');
  const judge = (dial: GatewayDial, proxy?: string) =>
    judgeGatewayDial(dial, { url: 'https://gateway:4443', proxy, now }).map(({ check, state, code, detail, fix }) => ({
      ...{ check, state, code },
      text: `${detail} ${fix ?? ''}`,
    }));
  const at = (seconds: number): GatewayDial => ({
    ...{ outcome: 'answered', status: 200, isGateway: true },
    date: new Date(now - seconds * 1000).toUTCString(),
  });
  const untrusted = {
    outcome: 'untrusted',
    reason: 'r',
    subject: 'gateway',
    issuer: 'Corp TLS Inspection',
    chainsToCa: false,
  } as const;

  it.each([
    [0, 'ok'],
    [299, 'ok'],
    [-299, 'ok'],
    [300, 'warn'],
    [-300, 'warn'],
  ])('tells clocks %i s apart: %s', (seconds, state) => {
    expect(judge(at(seconds)).map((finding) => finding.state)).toEqual(['ok', 'ok', state]);
  });

  it('names who ends TLS in between', () => {
    const [, tls] = judge({ ...untrusted, code: 'SELF_SIGNED_CERT_IN_CHAIN' });
    expect(tls).toMatchObject({
      state: 'fail',
      code: 'ISM0472',
      text: expect.stringContaining('«Corp TLS Inspection»') as string,
    });
  });

  it('tells a wrong name and a wrong clock from a stranger', () => {
    expect(judge({ ...untrusted, code: 'ERR_TLS_CERT_ALTNAME_INVALID', chainsToCa: true })[1]?.text).toContain(
      'GATEWAY_NAMES',
    );
    expect(judge({ ...untrusted, code: 'CERT_NOT_YET_VALID' })[1]).toMatchObject({ code: 'ISM0539' });
  });

  it.each([
    ['ENOTFOUND', 'does not resolve'],
    ['ECONNREFUSED', 'Nothing listens'],
    ['ETIMEDOUT', 'Packets are dropped'],
  ])('says of %s what to do', (code, said) => {
    const [finding] = judge({ outcome: 'unreachable', reason: code, code });
    expect([finding?.state, finding?.text]).toEqual(['fail', expect.stringContaining(said)]);
  });

  it('tells the proxy’s refusals from another server’s answer', () => {
    const answer = (status: number): GatewayDial => ({
      outcome: 'answered',
      status,
      isGateway: false,
      date: undefined,
    });
    expect(judge(answer(407), 'proxy:3128')[0]?.text).toContain('asks for a password');
    expect(judge(answer(403), 'proxy:3128')[0]?.text).toContain('Allow CONNECT');
    expect(judge(answer(403))[0]).toMatchObject({ code: 'ISM0400' });
  });
});
