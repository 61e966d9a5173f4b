import { describe, expect, it } from 'vitest';
import { parseBundle } from '../bundle/parse-bundle.js';
import { inventoryFromManifests } from '../inventory/from-manifests.js';
import { validateResources } from './validate-resources.js';

const CLUSTER = `
apiVersion: isthmus.dev/v1alpha1
kind: Cluster
metadata: { name: east }
spec: { mesh: { kind: istio } }
`;
const SERVICES = ['cart', 'audit']
  .map(
    (name) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }
`,
  )
  .join('---');

/** What is told of mirrors of a policy for the target. */
function told(target: string, mirror: string, services = SERVICES): string[] {
  const text = `
apiVersion: isthmus.dev/v1alpha1
kind: GlobalNamespace
metadata: { name: shop }
spec: { domain: shop.global, members: [{ namespaces: { names: [shop] } }] }
---
apiVersion: isthmus.dev/v1alpha1
kind: TrafficPolicy
metadata: { name: a }
spec: { targets: [${target}], routes: { rules: [{ name: copies, mirror: ${mirror} }] } }
`;
  const bundle = parseBundle([
    { path: 'shop.yaml', text },
    { path: 'clusters/east/cluster.yaml', text: CLUSTER },
    { path: 'clusters/east/services.yaml', text: services },
  ]);
  expect(bundle.issues).toEqual([]);
  const inventories = new Map(
    [...bundle.clusters].map(([name, objects]) => [name, inventoryFromManifests(objects).inventory]),
  );
  return validateResources(
    bundle.resources.map(({ resource }) => resource),
    { inventories },
  )
    .filter(({ code }) => ['ISM0866', 'ISM0867'].includes(code))
    .map(({ code, path = '', message }) => `${code} ${path}: ${message}`);
}

const CART = '{ globalNamespace: shop, service: cart }';
const AT = 'spec.routes.rules[0].mirror';

describe('a mirror to another service', () => {
  it('is refused to the service itself', () => {
    expect(told(CART, '{ service: cart }')).toEqual([
      `ISM0866 ${AT}: service cart would get copies of its own requests`,
    ]);
  });

  it('is told if the service or its port is not there', () => {
    expect(told(CART, '{ service: audits }')).toEqual([`ISM0867 ${AT}: default/shop has no service audits`]);
    expect(told(CART, '{ service: audit, port: 81 }')).toEqual([
      `ISM0867 ${AT}: service audit of default/shop has no port 81`,
    ]);
    expect(told('{ scope: PROJECT }', '{ service: audits }')).toHaveLength(1);
  });

  it('is taken to another one, by either name, and while no service is known', () => {
    expect(told(CART, '{ service: audit, port: 80 }')).toEqual([]);
    expect(told(CART, '{ service: audit.shop }')).toEqual([]);
    expect(told(CART, '{ version: v2 }')).toEqual([]);
    expect(told(CART, '{ service: audits }', '')).toEqual([]);
  });
});
