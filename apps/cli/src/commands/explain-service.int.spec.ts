import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isthmus } from '../terminal.fixture.js';

const EXAMPLE = fileURLToPath(new URL('../../../../examples/bookinfo', import.meta.url));
const POLICIES = `apiVersion: isthmus.dev/v1alpha1
kind: TrafficPolicy
metadata: { name: all }
spec: { targets: [{ globalNamespace: bookinfo }], timeout: { request: 10s }, retry: { attempts: 2 } }
---
apiVersion: isthmus.dev/v1alpha1
kind: TrafficPolicy
metadata: { name: reviews }
spec: { targets: [{ globalNamespace: bookinfo, service: reviews }], timeout: { request: 3s } }
---
apiVersion: isthmus.dev/v1alpha1
kind: FailoverPolicy
metadata: { name: maintenance }
spec: { targets: [{ globalNamespace: bookinfo }], cordon: { clusters: [west] } }
---
apiVersion: isthmus.dev/v1alpha1
kind: PublicService
metadata: { name: shop }
spec:
  targets: [{ globalNamespace: bookinfo, service: productpage }]
  hosts: [shop.example.com, www.example.com]
  gateways: [{ clusters: { names: [east, west] }, namespace: istio-ingress, selector: { istio: ingressgateway } }]
  paths: [{ type: PREFIX, value: /api, service: reviews }]
`;

describe('isthmus explain service', () => {
  let bundle: string;
  beforeAll(() => {
    bundle = mkdtempSync(join(tmpdir(), 'isthmus-explain-'));
    cpSync(EXAMPLE, bundle, { recursive: true });
    writeFileSync(join(bundle, 'policies.yaml'), POLICIES);
  });
  afterAll(() => rmSync(bundle, { recursive: true, force: true }));

  it('needs a server or a bundle, and a service that is there', async () => {
    const alone = await isthmus('explain service reviews');
    expect([alone.code, alone.out, alone.err]).toEqual([1, '', expect.stringContaining('ISM06')]);
    const unknown = await isthmus(`explain service nobody -f ${bundle}`);
    expect([unknown.code, unknown.out, unknown.err]).toEqual([1, '', expect.stringContaining('ISM0615')]);
    expect((await isthmus(`explain service reviews --gns other -f ${bundle}`)).code).toBe(1);
    expect((await isthmus('explain service')).code).toBe(64);
    expect((await isthmus('explain gns reviews')).code).toBe(64);
  });

  it('shows what holds, where it comes from, and what lost', async () => {
    const { code, out } = await isthmus(`explain service reviews --gns bookinfo -f ${bundle}`);
    expect(code).toBe(0);
    const lines = out.split('\n').map((line) => line.replace(/ {2,}/g, ' | '));
    expect(lines).toEqual(
      expect.arrayContaining([
        'timeout | all | request=3s | TrafficPolicy default/reviews | SERVICE | holds',
        'timeout | all | request=10s | TrafficPolicy default/all | GLOBAL_NAMESPACE | lost to reviews: narrower scope',
        'retry | all | attempts=2 | TrafficPolicy default/all | GLOBAL_NAMESPACE | holds',
        'cordon | all | clusters=[west] | FailoverPolicy default/maintenance | GLOBAL_NAMESPACE | holds',
      ]),
    );
  });

  it('shows by which names the world outside calls it, and where', async () => {
    const published = async (service: string) => {
      const { out } = await isthmus(`explain service ${service} -f ${bundle}`);
      return out.split('\n').filter((line) => line.startsWith('PUBLISHED:'));
    };
    const where = 'in east, west (PublicService default/shop)';
    expect(await published('productpage')).toEqual([`PUBLISHED:   shop.example.com, www.example.com ${where}`]);
    expect(await published('reviews')).toEqual([`PUBLISHED:   shop.example.com, www.example.com at /api ${where}`]);
    expect(await published('details')).toEqual([]);
  });

  it('says the same as a document, by host as by name', async () => {
    const byName = await isthmus(`explain service reviews -f ${bundle} -o json`);
    const [found] = JSON.parse(byName.out) as { host: string; features: { feature: string }[] }[];
    expect(found?.features.map(({ feature }) => feature)).toEqual(['timeout', 'retry', 'cordon']);
    const byHost = await isthmus(`explain service ${found?.host ?? ''} -f ${bundle} -o yaml`);
    expect(parse(byHost.out)).toEqual(JSON.parse(byName.out));
  });
});
