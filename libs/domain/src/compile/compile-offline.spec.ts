import { describe, expect, it } from 'vitest';
import { cluster, encryptionPolicy, globalNamespace, inventory, namespace, service } from './compile.fixture.js';
import { compileOffline, type OfflineInput } from './compile-offline.js';

const base: OfflineInput = {
  globalNamespaces: [
    globalNamespace({ members: [{}] }, 'shop'),
    globalNamespace({ members: [{ services: { names: ['pay'] } }] }, 'bank'),
  ],
  policies: [encryptionPolicy('strict', 'STRICT')],
  clusters: [cluster('east')],
  inventories: new Map([['east', inventory(namespace('shop', [service('cart'), service('pay')]))]]),
  vips: [],
};

describe('compiling without a server', () => {
  it('gives a service that two global namespaces claim to the first by name, and says so', () => {
    const { globalNamespaces, issues } = compileOffline(base);
    const hosts = globalNamespaces.map(({ view }) => view?.hosts.map(({ host }) => host.host));
    expect(hosts).toEqual([['pay.bank.global'], ['cart.shop.global']]);
    expect(issues.map(({ code, resource }) => [code, resource?.name])).toEqual([['ISM0114', 'shop']]);
  });

  it('assumes that every member is served', () => {
    const { globalNamespaces } = compileOffline(base);
    expect(
      globalNamespaces.flatMap(({ view }) => view?.hosts.flatMap(({ members }) => members.map(({ state }) => state))),
    ).toEqual(['served', 'served']);
    expect(globalNamespaces.map(({ view }) => view?.encryption?.mode)).toEqual([undefined, 'STRICT']);
  });

  it('with its own lock gives the same trees and nothing new, and never an address twice', () => {
    const first = compileOffline(base);
    const again = compileOffline({ ...base, vips: first.vips });
    expect(again.newVips).toEqual([]);
    expect(again.vips).toEqual(first.vips);
    expect(again.globalNamespaces.map(({ catalog }) => catalog.root)).toEqual(
      first.globalNamespaces.map(({ catalog }) => catalog.root),
    );
    expect(new Set(first.vips.map(({ address }) => address)).size).toBe(first.vips.length);
  });

  it('keeps a locked address wherever it lies, and gives it to nobody else', () => {
    const vips = [
      { host: 'cart.shop.global', address: '240.64.0.9' },
      { host: 'gone.shop.global', address: '240.64.0.8' },
    ];
    const result = compileOffline({ ...base, vips });
    expect(result.vips).toEqual(expect.arrayContaining(vips));
    expect(result.newVips.map(({ host }) => host)).toEqual(['pay.bank.global']);
  });
});
