import { describe, expect, it } from 'vitest';
import { rendererFor } from '../../registry.js';
import { schemaFaults } from './crd-schema.fixture.js';
import { goldenCases } from './golden-cases.fixture.js';

describe('the check against the schemas of Istio', () => {
  const gateway = (spec: object) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'g' },
    spec,
  });

  it('refuses a kind that it does not know', () => {
    expect(schemaFaults({ ...gateway({}), kind: 'EnvoyFilter' })).toEqual([
      'no schema of networking.istio.io/v1/EnvoyFilter',
    ]);
  });

  it('refuses a misspelt field, a wrong type and a value outside an enum', () => {
    expect(schemaFaults(gateway({ selektor: {} }))).toHaveLength(1);
    expect(schemaFaults(gateway({ selector: { istio: 1 } }))).toHaveLength(1);
    const server = { hosts: ['*'], port: { name: 'tls', number: 1, protocol: 'TLS' }, tls: { mode: 'AUTO' } };
    expect(schemaFaults(gateway({ servers: [server] }))).toHaveLength(1);
  });
});

describe.each(goldenCases())('objects of $name', ({ view, locals }) => {
  it('fit the schemas of their custom resources', () => {
    for (const local of locals) {
      for (const { object } of rendererFor('istio').render(view, local).objects) {
        expect({ name: object.metadata.name, faults: schemaFaults(object) }).toEqual({
          name: object.metadata.name,
          faults: [],
        });
      }
    }
  });
});
