import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { real } from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authority, tlsSecret, type Certificate } from './certificates.fixture.js';
import { INGRESS_RIGHTS, ingressWorkloads, PublicCallers } from './ingress.fixture.js';
import { probeTestbed, Testbed } from './testbed.fixture.js';

const EDGES = ['a', 'c'] as const;

const document = (kind: string, name: string, spec: object): string =>
  JSON.stringify({ apiVersion: 'isthmus.dev/v1alpha1', kind, metadata: { name }, spec });
const published = (name: string, service: string, spec: object): string =>
  document('PublicService', name, {
    targets: [{ globalNamespace: 'bookinfo', service, ...(service === 'reviews' && { port: 9080 }) }],
    hosts: [`${name}.example.com`],
    gateways: [{ clusters: { names: ['a', 'c'] }, namespace: 'istio-ingress', selector: { istio: 'ingressgateway' } }],
    ...spec,
  });
const POLICIES = [
  published('shop', 'reviews', {
    tls: { mode: 'SIMPLE', credential: 'shop-cert', minVersion: 'TLSV1_3' },
    paths: [{ type: 'PREFIX', value: '/details', service: 'details', port: 80, rewrite: '/' }],
  }),
  published('partners', 'details', {
    targets: [{ globalNamespace: 'bookinfo', service: 'details', port: 80 }],
    tls: { mode: 'MUTUAL', credential: 'partners-cert' },
  }),
  published('plain', 'reviews', {}),
  document('TrafficPolicy', 'reviews', {
    targets: [{ globalNamespace: 'bookinfo', service: 'reviews', port: 9080 }],
    timeout: { request: '1s' },
    retry: { attempts: 0 },
    routes: {
      rules: [{ name: 'moved', matches: [{ path: { type: 'PREFIX', value: '/old' } }], redirect: { path: '/new' } }],
    },
  }),
].join('\n---\n');
const closed = (from: string): string =>
  document('AccessPolicy', 'closed', {
    targets: [{ globalNamespace: 'bookinfo' }],
    default: 'DENY',
    rules: [{ action: 'ALLOW', from: [{ namespaces: [from] }] }],
  });

let testbed: Testbed;
let authority: Authority;
let callers: PublicCallers;
let [partner, stranger]: (Certificate | undefined)[] = [];

const call = (cluster: 'a' | 'c', url: string, ...curl: string[]) => callers.call(cluster, url, ...curl);

const identified = ({ cert, key }: Certificate): string[] => ['--cert', cert, '--key', key];

/** Puts rights and Secrets beside what is rendered for the clusters with an ingress gateway. */
async function beside(folder: string, objects: readonly object[]): Promise<string> {
  for (const cluster of EDGES) {
    await mkdir(join(folder, cluster), { recursive: true });
    const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
    await writeFile(join(folder, cluster, 'beside.yaml'), text);
  }
  return folder;
}

const onIstiod = await real('istiod', () => probeTestbed('control-plane'));
const onEnvoy = await real('envoy', () => probeTestbed('proxies'));

onIstiod('public services as isthmus render writes them, behind real ingress gateways', () => {
  onEnvoy('with real proxies', () => {
    let secrets: object[] = [];

    beforeAll(async () => {
      testbed = await Testbed.up(ingressWorkloads(EDGES));
    });

    beforeAll(async () => {
      authority = await Authority.make(testbed.home, 'public');
      callers = new PublicCallers(testbed, authority.own.cert);
      const others = await Authority.make(testbed.home, 'others');
      const shop = await authority.sign('shop.example.com');
      const partners = await authority.sign('partners.example.com');
      [partner, stranger] = [await authority.sign('partner'), await others.sign('stranger')];
      secrets = [
        await tlsSecret('istio-ingress/shop-cert', shop),
        await tlsSecret('istio-ingress/partners-cert', partners, authority.own),
      ];
      // istiod remembers for a minute that an account may not read Secrets.
      await testbed.apply(await beside(join(testbed.home, 'rights'), INGRESS_RIGHTS));
      const out = await testbed.render('STRICT', { name: 'public', text: POLICIES });
      await testbed.apply(await beside(out, [...INGRESS_RIGHTS, ...secrets]));
    });

    afterAll(async () => {
      await testbed?.down();
    });

    it('know no other host, in plain HTTP, by the name in the handshake, or behind it', async () => {
      expect(await call('a', 'http://other.example.com/')).toMatchObject({ code: '404' });
      expect(await call('a', 'https://other.example.com/', '-k')).toMatchObject({ code: '000' });
      expect(await call('a', 'https://shop.example.com/', '-H', 'Host: other.example.com')).toMatchObject({
        code: '404',
      });
      expect(await call('a', 'https://plain.example.com/', '-k')).toMatchObject({ code: '000' });
    });

    it('do not lead from one host to the other, whose callers need certificates', async () => {
      expect(await call('a', 'https://shop.example.com/', '-H', 'Host: partners.example.com')).toMatchObject({
        code: '404',
      });
    });

    it('refuse older versions of TLS', async () => {
      expect(await call('a', 'https://shop.example.com/', '--tls-max', '1.2')).toMatchObject({ code: '000' });
      expect(await call('a', 'https://shop.example.com/', '--tlsv1.3')).toMatchObject({ code: '200' });
    });

    it('refuse callers without certificate, or with one of strangers, where certificates are asked for', async () => {
      const url = 'https://partners.example.com/';
      expect(await call('a', url)).toMatchObject({ code: '000' });
      expect(await call('a', url, ...identified(stranger ?? authority.own))).toMatchObject({ code: '000' });
      expect(await call('a', url, ...identified(partner ?? authority.own))).toMatchObject({
        code: '200',
        backend: 'a/details-1',
      });
    });

    it('answer plain HTTP with 301 to https', async () => {
      expect(await call('a', 'http://shop.example.com/some?query=1')).toMatchObject({
        code: '301',
        redirect: 'https://shop.example.com/some?query=1',
      });
    });

    it('serve plain HTTP where that is asked for', async () => {
      expect(await call('a', 'http://plain.example.com/')).toMatchObject({ code: '200', backend: 'a/reviews-1' });
    });

    it('show the certificate of the host, and reach the service with the identity of the gateway', async () => {
      const answer = await call('a', 'https://shop.example.com/');
      expect(answer).toMatchObject({ code: '200', backend: 'a/reviews-1' });
      expect(answer.identity).toContain('By=spiffe://cluster.local/ns/bookinfo/sa/reviews');
      expect(answer.identity).toContain('URI=spiffe://cluster.local/ns/istio-ingress/sa/istio-ingress');
    });

    it('send paths elsewhere, with the prefix that is meant', async () => {
      const url = 'https://shop.example.com';
      expect(await call('a', `${url}/details/x/y`)).toMatchObject({
        code: '200',
        backend: 'a/details-1',
        path: '/x/y',
      });
      expect(await call('a', `${url}/details`)).toMatchObject({ code: '200', backend: 'a/details-1', path: '/' });
      expect(await call('a', `${url}/detailsx`)).toMatchObject({
        code: '200',
        backend: 'a/reviews-1',
        path: '/detailsx',
      });
    });

    it('keep to the traffic policies of the service', async () => {
      expect(await call('a', 'https://shop.example.com/old/x')).toMatchObject({
        code: '302',
        redirect: 'https://shop.example.com/new',
      });
      expect(await call('a', 'https://shop.example.com/delay/3000')).toMatchObject({ code: '504' });
    });

    it('reach other clusters from one that owns nothing', async () => {
      const answer = await call('c', 'https://shop.example.com/');
      expect(answer).toMatchObject({ code: '200' });
      expect(answer.backend).toMatch(/^[ab]\/reviews-/);
    });

    it('reach another cluster when their own cannot serve, and return', async () => {
      await testbed.cli('pod', 'ready', 'a', 'reviews-1', 'false');
      await testbed.acknowledged();
      const away = await call('a', 'https://shop.example.com/');
      await testbed.cli('pod', 'ready', 'a', 'reviews-1', 'true');
      await testbed.acknowledged();
      const back = await call('a', 'https://shop.example.com/');
      expect(away.code).toBe('200');
      expect(away.backend).toMatch(/^b\/reviews-/);
      expect(away.identity).toContain('URI=spiffe://cluster.local/ns/istio-ingress/sa/istio-ingress');
      expect(back).toMatchObject({ code: '200', backend: 'a/reviews-1' });
    });

    describe('under a default DENY', () => {
      const applied = async (from: string): Promise<void> => {
        const text = [POLICIES, closed(from)].join('\n---\n');
        const out = await testbed.render('STRICT', { name: `closed-${from}`, text });
        await testbed.apply(await beside(out, [...INGRESS_RIGHTS, ...secrets]));
      };

      it('are refused, because publishing grants no access', async () => {
        await applied('shop');
        expect(await call('a', 'https://shop.example.com/')).toMatchObject({ code: '403' });
      });

      it('are admitted by the namespace of the gateway, through east-west gateways too', async () => {
        await applied('istio-ingress');
        expect(await call('a', 'https://shop.example.com/')).toMatchObject({ code: '200' });
        expect(await call('c', 'https://shop.example.com/')).toMatchObject({ code: '200' });
      });
    });
  });
});
