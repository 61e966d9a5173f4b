import { expect, it } from 'vitest';
import { GROUP_VERSION } from '../api-group.js';
import { withDefaults } from './defaults.js';
import type { Cluster, GlobalNamespace } from './types.js';

const cluster: Cluster = {
  apiVersion: GROUP_VERSION,
  kind: 'Cluster',
  metadata: { name: 'east' },
  spec: { mesh: { kind: 'istio' }, gateways: [{ address: '10.0.0.1', port: 443 }] },
};
const gns: GlobalNamespace = {
  apiVersion: GROUP_VERSION,
  kind: 'GlobalNamespace',
  metadata: { name: 'shop' },
  spec: { domain: 'shop.global', members: [{ clusters: { names: ['east'] } }] },
};

it('defaults are filled in a copy; what is given stays', () => {
  const before = JSON.stringify([cluster, gns]);
  expect(withDefaults(cluster).spec).toEqual({
    mesh: { kind: 'istio', mode: 'sidecar' },
    trustDomain: 'cluster.local',
    clusterDomain: 'cluster.local',
    gateways: [
      {
        address: '10.0.0.1',
        port: 443,
        namespace: 'istio-system',
        selector: { istio: 'eastwestgateway' },
        role: 'EAST_WEST',
      },
    ],
  });
  expect(withDefaults(gns).spec).toMatchObject({
    vipCIDR: '240.64.0.0/12',
    hostTemplate: '{service}.{domain}',
    consumers: [],
    exclude: [],
  });
  expect(JSON.stringify([cluster, gns])).toBe(before);
});

it('only kinds of a project get the default project', () => {
  expect(withDefaults(gns).metadata.project).toBe('default');
  expect(withDefaults(cluster).metadata).toEqual({ name: 'east' });
});

it('filling defaults twice is filling them once', () => {
  expect(withDefaults(withDefaults(cluster))).toEqual(withDefaults(cluster));
  expect(withDefaults(withDefaults(gns))).toEqual(withDefaults(gns));
});
