import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { probeTool, real } from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { A_DAY, Limiter, LIMITER } from './limiter.fixture.js';
import { type ClusterName, probeTestbed, Testbed } from './testbed.fixture.js';

const REVIEWS = 'http://reviews.bookinfo.global:9080';
const DETAILS = 'http://details.bookinfo.global';

/** Buckets that do not fill while a test looks. */
const LOCAL = `
apiVersion: isthmus.dev/v1alpha1
kind: TrafficPolicy
metadata: { name: details }
spec:
  targets: [{ globalNamespace: bookinfo, service: details }]
  localRateLimit: { requests: 5, interval: 24h }
---
apiVersion: isthmus.dev/v1alpha1
kind: TrafficPolicy
metadata: { name: reviews }
spec:
  targets: [{ globalNamespace: bookinfo, service: reviews }]
  localRateLimit:
    requests: 1000
    interval: 24h
    rules:
      - { name: search, match: { path: { type: PREFIX, value: /search } }, requests: 2, interval: 24h }
      - { name: writes, match: { method: POST, path: { type: REGEX, value: '/write[0-9]' } }, requests: 3, interval: 24h }
      - { name: free, match: { headers: [{ name: x-tier, value: free }] }, requests: 1, interval: 24h }
`;

const asking = (failureMode: 'OPEN' | 'CLOSED'): string => `
apiVersion: isthmus.dev/v1alpha1
kind: TrafficPolicy
metadata: { name: reviews }
spec:
  targets: [{ globalNamespace: bookinfo, service: reviews }]
  globalRateLimit:
    service: { host: limiter.bookinfo.global, port: 8081 }
    domain: bookinfo
    timeout: 2s
    failureMode: ${failureMode}
    descriptors:
      - entries: [{ key: service, value: reviews }, { key: user, header: x-user }]
`;

let testbed: Testbed;
let limiter: Limiter;
let refused: string;
let local: string;
let closed: string;
let open: string;
let plain: string;

/** How often each status came, over so many requests. */
async function statuses(
  cluster: ClusterName,
  url: string,
  { requests = 1, curl = [] }: { requests?: number; curl?: string[] } = {},
): Promise<Record<string, number>> {
  const range = `${url}?[1-${requests}]`;
  const said = await testbed.exec(cluster, 'curl', '-s', '-o', '/dev/null', '-w', '%{http_code} ', ...curl, range);
  const counts: Record<string, number> = {};
  for (const status of said.trim().split(' ')) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

async function headers(cluster: ClusterName, url: string, curl: string[] = []): Promise<string> {
  return (await testbed.exec(cluster, 'curl', '-s', '-o', '/dev/null', '-D', '-', ...curl, url)).toLowerCase();
}

const as = (user: string): { curl: string[] } => ({ curl: ['-H', `x-user: ${user}`] });

/** Asks as somebody else until the service has the answer wanted; what a proxy connects to first is not there at once. */
async function until(cluster: ClusterName, status: string, user: string): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    if ((await statuses(cluster, `${REVIEWS}/`, as(`${user}-${tries}`)))[status] === 1) return;
    await pause(500);
  }
  throw new Error(`no answer ${status} in ${cluster}`);
}

async function kindsIn(folder: string): Promise<Set<string>> {
  const files = await readdir(folder, { recursive: true, encoding: 'utf8' });
  const texts = await Promise.all(
    files.filter((name) => name.endsWith('.yaml')).map((name) => readFile(join(folder, name), 'utf8')),
  );
  return new Set(texts.flatMap((text) => [...text.matchAll(/^kind: (\w+)$/gm)].map(([, kind = '']) => kind)));
}

const onIstiod = await real('istiod', () => probeTestbed('control-plane'));
const onEnvoy = await real('envoy', async () => (await probeTestbed('proxies')) ?? probeTool('ratelimit'));

onIstiod('rate limits in real clusters', () => {
  onEnvoy('with real proxies and Envoy’s own rate-limit service', () => {
    beforeAll(async () => {
      testbed = await Testbed.up(LIMITER);
      limiter = new Limiter(testbed);
    });

    beforeAll(async () => {
      const extend = ['a', 'b'] as const;
      refused = await testbed.render('STRICT', { name: 'refused', text: LOCAL });
      local = await testbed.render('STRICT', { name: 'local', text: LOCAL, extend });
      closed = await testbed.render('STRICT', { name: 'closed', text: asking('CLOSED'), extend });
      open = await testbed.render('STRICT', { name: 'open', text: asking('OPEN'), extend });
      plain = await testbed.render('STRICT');
    });

    afterAll(async () => {
      limiter?.close();
      await testbed?.down();
    });

    it('are not rendered where no cluster allows EnvoyFilters', async () => {
      const kinds = await kindsIn(refused);
      expect(kinds).toContain('VirtualService');
      expect(kinds).not.toContain('EnvoyFilter');
    });

    describe('of each proxy', () => {
      beforeAll(async () => {
        await testbed.apply(local);
      });

      it('let through as many requests as each of them may, from another cluster, and answer the others with 429', async () => {
        const curl = ['-H', 'connection: close'];
        expect(await statuses('c', `${DETAILS}/`, { requests: 80, curl })).toEqual({ '200': 10, '429': 70 });
        expect(await statuses('a', `${DETAILS}/`, { requests: 3 })).toEqual({ '429': 3 });
      });

      it('say how much is left, and when there is more', async () => {
        const said = await headers('a', `${DETAILS}/`);
        expect(said).toContain('x-ratelimit-limit: 5');
        expect(said).toContain('x-ratelimit-remaining: 0');
        expect(Number(/x-ratelimit-reset: (\d+)/.exec(said)?.[1])).toBeGreaterThan(0);
        expect(await headers('a', `${REVIEWS}/`)).toContain('x-ratelimit-limit: 1000');
      });

      it('count by prefix in whole segments, whatever the query', async () => {
        expect(await statuses('a', `${REVIEWS}/searching`, { requests: 5 })).toEqual({ '200': 5 });
        expect(await statuses('a', `${REVIEWS}/search`, { requests: 3 })).toEqual({ '200': 2, '429': 1 });
        expect(await statuses('a', `${REVIEWS}/search/deep`)).toEqual({ '429': 1 });
      });

      it('count by method and expression together', async () => {
        const post = ['-X', 'POST'];
        expect(await statuses('a', `${REVIEWS}/write1`, { requests: 5 })).toEqual({ '200': 5 });
        expect(await statuses('a', `${REVIEWS}/written`, { requests: 5, curl: post })).toEqual({ '200': 5 });
        expect(await statuses('a', `${REVIEWS}/write1`, { requests: 5, curl: post })).toEqual({ '200': 3, '429': 2 });
      });

      it('count every rule that matches', async () => {
        const free = ['-H', 'x-tier: free'];
        expect(await statuses('a', `${REVIEWS}/`, { curl: ['-H', 'x-tier: gold'] })).toEqual({ '200': 1 });
        expect(await statuses('a', `${REVIEWS}/`, { curl: free })).toEqual({ '200': 1 });
        expect(await statuses('a', `${REVIEWS}/`, { curl: free })).toEqual({ '429': 1 });
      });

      it('end with the policy', async () => {
        await testbed.apply(plain);
        expect(await statuses('a', `${DETAILS}/`, { requests: 5 })).toEqual({ '200': 5 });
      });
    });

    describe('of a service in one cluster that proxies of two ask through the mesh', () => {
      beforeAll(async () => {
        await limiter.start();
        await testbed.apply(closed);
        await until('a', '200', 'warm-a');
        await until('b', '200', 'warm-b');
      });

      it('count together what comes in each cluster, by user', async () => {
        expect(await statuses('a', `${REVIEWS}/`, { requests: A_DAY - 1, ...as('bob') })).toEqual({ '200': A_DAY - 1 });
        expect(await statuses('b', `${REVIEWS}/`, { requests: 3, ...as('bob') })).toEqual({ '200': 1, '429': 2 });
        expect(await statuses('a', `${REVIEWS}/`, { requests: 2, ...as('bob') })).toEqual({ '429': 2 });
        expect(await statuses('a', `${REVIEWS}/`, as('eve'))).toEqual({ '200': 1 });
      });

      it('say what the service says', async () => {
        const said = await headers('a', `${REVIEWS}/`, as('bob').curl);
        expect(said).toContain(' 429 ');
        expect(said).toContain(`x-ratelimit-limit: ${A_DAY}`);
        expect(said).toContain('x-ratelimit-remaining: 0');
      });

      it('ask nothing about requests of which there is nothing to say', async () => {
        expect(await statuses('a', `${REVIEWS}/`, { requests: 5 })).toEqual({ '200': 5 });
      });

      it('refuse requests while a closed one does not answer, let them through while an open one does not, and go on after that', async () => {
        limiter.stop();
        await until('a', '500', 'gone');
        expect(await statuses('a', `${REVIEWS}/`, { requests: 3, ...as('eve') })).toEqual({ '500': 3 });
        expect(await statuses('a', `${REVIEWS}/`)).toEqual({ '200': 1 });
        await testbed.apply(open);
        expect(await statuses('a', `${REVIEWS}/`, { requests: 3, ...as('bob') })).toEqual({ '200': 3 });
        await limiter.start();
        for (let tries = 0; tries < 40 && (await statuses('a', `${REVIEWS}/`, as('bob')))['429'] !== 1; tries++)
          await pause(500);
        expect(await statuses('a', `${REVIEWS}/`, { requests: 3, ...as('bob') })).toEqual({ '429': 3 });
      });
    });
  });
});
