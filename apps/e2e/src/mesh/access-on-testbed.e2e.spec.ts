import { real } from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clustersOf, probeTestbed, Testbed, type Answers, type ProbeFrom } from './testbed.fixture.js';
import { bearing, TokenIssuer } from './tokens.fixture.js';

const REVIEWS = 'http://reviews.bookinfo.global:9080';
const DETAILS = 'http://details.bookinfo.global';
const SERVER_OF_B = 'http://10.77.2.20:9080/';

/** A trust domain for each cluster under one root, and no aliases: the same account in another cluster is another caller. */
const DOMAINS = { TRUST_DOMAIN_A: 'a.example', TRUST_DOMAIN_B: 'b.example', TRUST_DOMAIN_C: 'c.example' };
const TRUST = { ...DOMAINS, TB_TRUST_ROOTS: Object.values(DOMAINS).join(' ') };

const policy = (kind: string, name: string, spec: object): string =>
  JSON.stringify({ apiVersion: 'isthmus.dev/v1alpha1', kind, metadata: { name }, spec });
const access = (name: string, service: string | undefined, spec: object): string =>
  policy('AccessPolicy', name, { targets: [{ globalNamespace: 'bookinfo', ...(service && { service }) }], ...spec });
const bundle = (...documents: string[]): string => documents.join('\n---\n');

const issuer = new TokenIssuer('ci');

let testbed: Testbed;
const codes = async (url: string, from: ProbeFrom): Promise<Answers['codes']> =>
  (await testbed.probe(url, { requests: 4, ...from })).codes;

const onIstiod = await real('istiod', () => probeTestbed('control-plane'));
const onEnvoy = await real('envoy', () => probeTestbed('proxies'));

onIstiod('access policies as isthmus render writes them, in three real clusters', () => {
  onEnvoy('with real proxies', () => {
    beforeAll(async () => {
      testbed = await Testbed.up(undefined, TRUST);
    });

    afterAll(async () => {
      await testbed?.down();
    });

    describe('under a default DENY, with rules by principal, method and path', () => {
      beforeAll(async () => {
        const policies = bundle(
          access('all', undefined, { default: 'DENY' }),
          policy('ServiceGroup', 'reviewers', { members: [{ services: { names: ['reviews'] } }] }),
          policy('ServiceGroup', 'details-of-a', {
            members: [{ clusters: { names: ['a'] }, services: { names: ['details'] } }],
          }),
          access('reviews', 'reviews', {
            rules: [
              {
                action: 'ALLOW',
                from: [{ namespaces: ['shop'] }],
                to: [{ ports: [9080], methods: ['GET'], paths: ['/status/*'] }],
              },
              {
                action: 'ALLOW',
                from: [{ serviceGroups: ['details-of-a'] }],
                to: [{ ports: [9080], paths: ['/of-a'] }],
              },
            ],
          }),
          access('details', 'details', {
            rules: [{ action: 'ALLOW', from: [{ serviceGroups: ['reviewers'] }], to: [{ ports: [80] }] }],
          }),
        );
        await testbed.apply(await testbed.render('STRICT', { name: 'default-deny', text: policies }));
      });

      it('refuses plaintext, which has no identity', async () => {
        expect(await codes(SERVER_OF_B, { cluster: 'b', pod: 'naked', requests: 1 })).toEqual({ '000': 1 });
      });

      it.each(['a', 'c'] as const)('refuses another method and another path, from %s', async (cluster) => {
        expect(await codes(`${REVIEWS}/status/200`, { cluster, curl: ['-X', 'POST'] })).toEqual({ 403: 4 });
        expect(await codes(`${REVIEWS}/`, { cluster })).toEqual({ 403: 4 });
      });

      it('refuses a port that no rule speaks of', async () => {
        const { codes: answered, sent } = await testbed.load('a', 'tcp://reviews.bookinfo.global:9000', { seconds: 1 });
        expect(sent).toBeGreaterThan(0);
        expect(answered['200']).toBeUndefined();
      });

      it('refuses who is not in the group that a rule names, local and remote', async () => {
        expect(await codes(`${DETAILS}/`, { cluster: 'a' })).toEqual({ 403: 4 });
        expect(await codes(`${DETAILS}/`, { cluster: 'c' })).toEqual({ 403: 4 });
      });

      it('admits the group by the identities of its members', async () => {
        expect(await codes(`${DETAILS}/`, { cluster: 'a', pod: 'reviews-1' })).toEqual({ 200: 4 });
        expect(await codes(`${DETAILS}/`, { cluster: 'b', pod: 'reviews-2' })).toEqual({ 200: 4 });
      });

      it('tells callers apart that differ in nothing but their trust domain', async () => {
        expect(await codes(`${REVIEWS}/of-a`, { cluster: 'b', pod: 'details-1' })).toEqual({ 403: 4 });
        expect(await codes(`${REVIEWS}/of-a`, { cluster: 'a', pod: 'details-1' })).toEqual({ 200: 4 });
      });

      it('admits through gateways, by the identity of the caller behind them, whose trust domain is another one', async () => {
        const answers = await testbed.probe(`${REVIEWS}/status/200`, { cluster: 'c', requests: 16 });
        expect(answers.codes).toEqual({ 200: 16 });
        expect(clustersOf(answers)).toEqual(['a', 'b']);
        const client = 'URI=spiffe://c.example/ns/shop/sa/client';
        for (const identity of Object.keys(answers.identity)) {
          expect(identity).toContain(client);
          expect(identity).toMatch(/^By=spiffe:\/\/[ab]\.example\/ns\/bookinfo\/sa\/reviews/);
        }
      });

      it('admits groups in the other cluster, whose trust domain is another one, when their own cannot serve', async () => {
        const ready = (state: string) =>
          Promise.all(['details-1', 'reviews-1'].map((pod) => testbed.cli('pod', 'ready', 'a', pod, state)));
        await ready('false');
        await testbed.acknowledged();
        const from = { cluster: 'a', requests: 4 } as const;
        const details = await testbed.probe(`${DETAILS}/`, { ...from, pod: 'reviews-1' });
        const reviews = await testbed.probe(`${REVIEWS}/of-a`, { ...from, pod: 'details-1' });
        await ready('true');
        expect([details.codes, reviews.codes]).toEqual([{ 200: 4 }, { 200: 4 }]);
        expect(Object.keys(details.identity)).toEqual([
          'By=spiffe://b.example/ns/bookinfo/sa/details;URI=spiffe://a.example/ns/bookinfo/sa/reviews',
        ]);
        for (const identity of Object.keys(reviews.identity))
          expect(identity).toMatch(/^By=spiffe:\/\/b\..*;URI=spiffe:\/\/a\.example\/ns\/bookinfo\/sa\/details$/);
      });
    });

    describe('a DENY rule by identity under PERMISSIVE', () => {
      beforeAll(async () => {
        const rules = [{ action: 'DENY', from: [{ namespaces: ['other'] }], to: [{ paths: ['/status/*'] }] }];
        const text = access('reviews', 'reviews', { rules });
        await testbed.apply(await testbed.render('PERMISSIVE', { name: 'deny', text }));
      });

      it('refuses plaintext, which could be the very caller', async () => {
        const from = { cluster: 'b', pod: 'naked' } as const;
        expect(await codes(`${SERVER_OF_B}status/200`, from)).toEqual({ 403: 4 });
      });

      it('takes plaintext and others for the rest', async () => {
        expect(await codes(SERVER_OF_B, { cluster: 'b', pod: 'naked' })).toEqual({ 200: 4 });
        expect(await codes(`${REVIEWS}/status/200`, { cluster: 'c' })).toEqual({ 200: 4 });
      });
    });

    describe('tokens', () => {
      beforeAll(async () => {
        const policies = bundle(
          policy('AuthenticationPolicy', 'reviews', {
            targets: [{ globalNamespace: 'bookinfo', service: 'reviews', port: 9080 }],
            issuers: [{ issuer: 'ci', jwks: issuer.jwks }],
            claims: [{ path: ['realm', 'roles'], values: ['user'] }],
          }),
          policy('UserGroup', 'admins', {
            members: [{ issuer: 'ci', claims: [{ path: ['groups'], values: ['admins'] }] }],
          }),
          access('reviews', 'reviews', {
            rules: [{ action: 'ALLOW', from: [{ userGroups: ['admins'] }], to: [{ ports: [9080] }] }],
          }),
          access('details', 'details', { mode: 'AUDIT', default: 'DENY' }),
        );
        await testbed.apply(await testbed.render('STRICT', { name: 'tokens', text: policies }));
      });

      const realm = { realm: { roles: ['user', 'other'] } };
      const from = { cluster: 'c' } as const;

      it('are required, and must be signed by the issuer', async () => {
        expect(await codes(`${REVIEWS}/`, from)).toEqual({ 403: 4 });
        const forged = issuer.forged({ ...realm, groups: ['admins'] });
        expect(await codes(`${REVIEWS}/`, { ...from, ...bearing(forged) })).toEqual({ 401: 4 });
      });

      it('must have the claims that are required, and those of the group', async () => {
        expect(await codes(`${REVIEWS}/`, { ...from, ...bearing(issuer.token({ groups: ['admins'] })) })).toEqual({
          403: 4,
        });
        expect(await codes(`${REVIEWS}/`, { ...from, ...bearing(issuer.token({ ...realm, groups: ['x'] })) })).toEqual({
          403: 4,
        });
      });

      it('admit who is in the group, through gateways', async () => {
        const answers = await testbed.probe(`${REVIEWS}/`, {
          ...from,
          requests: 12,
          ...bearing(issuer.token({ ...realm, groups: ['x', 'admins'] })),
        });
        expect(answers.codes).toEqual({ 200: 12 });
        expect(clustersOf(answers)).toEqual(['a', 'b']);
      });

      it('leave the other port of the service open', async () => {
        const { codes: answered, sent } = await testbed.load('a', 'tcp://reviews.bookinfo.global:9000', { seconds: 1 });
        expect(answered).toEqual({ 200: sent });
      });

      it('a rehearsal beside them refuses nobody', async () => {
        expect(await codes(`${DETAILS}/`, from)).toEqual({ 200: 4 });
      });
    });
  });
});
