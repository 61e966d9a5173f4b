import { describe, expect, it } from 'vitest';
import { inventoryOf, namespaceNamed, serviceNamed } from '../inventory/inventory.fixture.js';
import { parseResource } from '../resources/parse-resource.js';
import { clusterDocument, documentOf, gnsDocument } from '../resources/resource.fixture.js';
import type { Resource } from '../resources/types.js';
import { validateResources } from './validate-resources.js';

function parsed(document: Record<string, unknown>, name: string): Resource {
  const { resource, issues } = parseResource({ ...document, metadata: { name } });
  if (resource === undefined) throw new Error(JSON.stringify(issues));
  return resource;
}

const cluster = (name: string, locality?: string) =>
  parsed(clusterDocument(locality === undefined ? {} : { locality }), name);
const policy = (name: string, spec: object, target: object = {}) =>
  parsed(documentOf('FailoverPolicy', { targets: [{ globalNamespace: 'shop', ...target }], ...spec }), name);

const holding = (...services: string[]) =>
  inventoryOf(
    namespaceNamed(
      'shop',
      services.map((service) => serviceNamed(service)),
    ),
  );

/** web is served by east and west, cart by east alone. */
function failoverIssues(...policies: Resource[]): string[] {
  const base = [parsed(gnsDocument(), 'shop'), cluster('east', 'us-east/1a'), cluster('west')];
  const inventories = new Map([
    ['east', holding('web', 'cart')],
    ['west', holding('web')],
  ]);
  return validateResources([...base, ...policies], { inventories })
    .filter(({ code }) => code.startsWith('ISM087'))
    .map(({ code, path, message, hint, resource }) =>
      [code, resource?.name, path, message, hint].filter(Boolean).join(' | '),
    );
}

const ordered = (tiers: object[]) => ({ failover: { mode: 'ORDERED', tiers } });
const cordon = (clusters: string[], more: object = {}) => ({ cordon: { clusters, ...more } });

describe('failover policies', () => {
  it('name clusters that are registered', () => {
    const failover = { mode: 'ACTIVE_ACTIVE', clusterWeights: [{ cluster: 'eats', percent: 100 }] };
    expect(
      failoverIssues(
        policy('tiers', ordered([{ clusters: ['east'] }, { clusters: ['wets'] }])),
        policy('weights', { failover }, { service: 'none' }),
        policy('cordon', cordon(['moon'])),
      ),
    ).toEqual([
      'ISM0874 | cordon | spec.cordon.clusters[0] | there is no cluster moon | one of east, west',
      'ISM0874 | tiers | spec.failover.tiers[1].clusters[0] | there is no cluster wets | did you mean west?',
      'ISM0874 | weights | spec.failover.clusterWeights[0].cluster | there is no cluster eats | did you mean east?',
    ]);
  });

  it('name regions that a cluster has', () => {
    expect(failoverIssues(policy('p', ordered([{ regions: ['us-east', 'us-eats'] }])))).toEqual([
      'ISM0875 | p | spec.failover.tiers[0].regions[1] | no cluster is in region us-eats | did you mean us-east?',
    ]);
  });

  it('give a weight to every cluster that serves what they target', () => {
    const weights = (clusters: string[], target: object = {}) => {
      const clusterWeights = clusters.map((name) => ({ cluster: name, percent: 100 / clusters.length }));
      return policy('p', { failover: { mode: 'ACTIVE_ACTIVE', clusterWeights } }, target);
    };
    expect(failoverIssues(weights(['east']))).toEqual([
      'ISM0878 | p | spec.failover.clusterWeights | west serves default/shop and has no weight',
    ]);
    expect(failoverIssues(weights(['east'], { service: 'cart' }))).toEqual([]);
    expect(failoverIssues(weights(['east', 'west']))).toEqual([]);
  });

  it('do not cordon everybody who serves a host, together or alone', () => {
    const whole = (name: string, hosts: string) =>
      `ISM0876 | ${name} | spec.cordon.clusters | every cluster that serves ${hosts} is cordoned`;
    expect(failoverIssues(policy('p', cordon(['west'])))).toEqual([]);
    expect(failoverIssues(policy('p', cordon(['east'])))).toEqual([whole('p', 'cart.shop.global')]);
    expect(failoverIssues(policy('p', cordon(['east']), { service: 'web' }))).toEqual([]);
    expect(
      failoverIssues(
        policy('p', cordon(['west'])),
        policy('q', cordon(['east'], { mode: 'DRAIN' }), { service: 'web' }),
      ),
    ).toEqual([whole('p', 'web.shop.global'), whole('q', 'web.shop.global')]);
  });
});
