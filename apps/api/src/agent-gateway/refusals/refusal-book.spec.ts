import { Registry, silentLogger } from '@isthmus/platform';
import type { Store, TenantTx } from '@isthmus/store';
import { expect, it } from 'vitest';
import { createGatewayMetrics } from '../gateway-metrics.js';
import { RefusalBook } from './refusal-book.js';

/** What each organization gets to see, and what is counted, of one refusal that is nobody's and one of `b`. */
async function noted(organizations: readonly string[]): Promise<{ seen: [string, string][]; counted: string }> {
  const seen: [string, string][] = [];
  const store = {
    system: { organizations: () => Promise.resolve(organizations.map((id) => ({ id }))) },
    withTenant: (org: string, run: (tx: TenantTx) => unknown) => {
      const note = (notes: { code: string }[]) =>
        Promise.resolve(void seen.push(...notes.map(({ code }): [string, string] => [org, code])));
      return run({ refusals: { note } } as unknown as TenantTx);
    },
  } as unknown as Store;
  const registry = new Registry();
  const book = new RefusalBook(store, silentLogger(), createGatewayMetrics(registry, () => 0).refusals);
  const refusal = { message: 'no', address: '192.0.2.7' };
  book.note({ ...refusal, door: 'tls', code: 'ISM0536' });
  book.note({ ...refusal, door: 'enrol', code: 'ISM0402', about: { org: 'b', cluster: 'c' } });
  await book.close();
  return { seen, counted: await registry.metrics() };
}

it('shows a refusal that is nobody’s to none of several organizations, and counts it for who runs the installation', async () => {
  const { seen, counted } = await noted(['a', 'b']);
  expect(seen).toEqual([['b', 'ISM0402']]);
  expect(counted).toContain('isthmus_gateway_refusals_total{door="tls",code="ISM0536",about="nobody"} 1');
  expect(counted).toContain('isthmus_gateway_refusals_total{door="enrol",code="ISM0402",about="cluster"} 1');
  expect(counted).not.toContain('192.0.2.7');
});

it('shows it to the only organization that there is', async () => {
  expect((await noted(['b'])).seen).toEqual([
    ['b', 'ISM0536'],
    ['b', 'ISM0402'],
  ]);
});
