import { describe, expect, it } from 'vitest';
import { compileCatalog } from './catalog.js';
import { bodies, catalogInput, service } from './compile.fixture.js';
import { drainCatalog } from './drain-catalog.js';

const { tree } = compileCatalog(catalogInput({ east: [service('cart'), service('pay')], west: [service('cart')] }));
const member = (cluster: string, name: string): string => `host/${name}.shop.global/member/${cluster}/shop/${name}`;

describe('the catalog of a deleted global namespace', () => {
  it('keeps hosts as long as they have a member, with the states that are left', () => {
    const drained = bodies(drainCatalog(tree, new Map([[member('west', 'cart'), 'draining']])));
    expect(Object.keys(drained)).toEqual([
      'cluster/east',
      'cluster/west',
      'host/cart.shop.global',
      member('west', 'cart'),
    ]);
    expect(drained[member('west', 'cart')]).toMatchObject({ state: 'draining', serviceAccounts: ['cart-sa'] });
  });

  it('has no host left once every member is gone', () => {
    expect(Object.keys(bodies(drainCatalog(tree, new Map())))).toEqual(['cluster/east', 'cluster/west']);
  });

  it('does not change while no state does', () => {
    const states = new Map(
      [member('east', 'cart'), member('west', 'cart'), member('east', 'pay')].map((name) => [name, 'wanted' as const]),
    );
    expect(drainCatalog(tree, states).root).toBe(tree.root);
  });
});
