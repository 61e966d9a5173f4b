import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { real } from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

let testbed: Testbed;
let refused: string;
let local: string;
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

async function kindsIn(folder: string): Promise<Set<string>> {
  const files = await readdir(folder, { recursive: true, encoding: 'utf8' });
  const texts = await Promise.all(
    files.filter((name) => name.endsWith('.yaml')).map((name) => readFile(join(folder, name), 'utf8')),
  );
  return new Set(texts.flatMap((text) => [...text.matchAll(/^kind: (\w+)$/gm)].map(([, kind = '']) => kind)));
}

const onIstiod = await real('istiod', () => probeTestbed('control-plane'));
const onEnvoy = await real('envoy', () => probeTestbed('proxies'));

onIstiod('rate limits in real clusters', () => {
  onEnvoy('with real proxies', () => {
    beforeAll(async () => {
      testbed = await Testbed.up();
    });

    beforeAll(async () => {
      const extend = ['a', 'b'] as const;
      refused = await testbed.render('STRICT', { name: 'refused', text: LOCAL });
      local = await testbed.render('STRICT', { name: 'local', text: LOCAL, extend });
      plain = await testbed.render('STRICT');
    });

    afterAll(async () => {
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
  });
});
