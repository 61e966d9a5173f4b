import { readFileSync } from 'node:fs';
import { FEATURE_KINDS } from '@isthmus/domain';
import { format } from 'prettier';
import { expect, it } from 'vitest';
import { capabilityDocs } from './capabilities.js';

it('publishes the capabilities as they are in docs/capabilities.md', async () => {
  const published = readFileSync(new URL('../../../docs/capabilities.md', import.meta.url), 'utf8');
  const text = await format(capabilityDocs(), { parser: 'markdown', printWidth: 120 });
  expect(published === text, 'run npm run generate').toBe(true);
});

it('has a row for every feature, and tells what ambient mode and other meshes cannot do', () => {
  const text = capabilityDocs();
  for (const kind of FEATURE_KINDS) expect(text).toContain(`\n| ${kind} | `);
  expect(text).toMatch(/\| Istio ambient \| unsupported \| NEEDS_TOPOLOGY \|/);
  expect(text).toMatch(/\| Linkerd \| unsupported \| NOT_IN_MESH \|/);
  expect(text).toMatch(/\| Istio \| partial \| NOT_IN_MESH \| failover.minHealthyPercent \|.*\| failover \|/);
});
