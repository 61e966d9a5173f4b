import { describe, expect, it } from 'vitest';
import type { InventoryReading } from '../cluster/cluster-port.js';
import type { PackedInventory, PackedNamespace } from '../cluster/packed-inventory.js';
import { KnownFacts } from './known-facts.js';

const gateway = { namespace: 'istio-system', service: 'ew', addresses: [], port: 15_443, selector: { istio: 'ew' } };
const namespace = (name: string): PackedNamespace => ({ name, labels: {}, readable: true, entry: undefined });
const reading = (inventory: Partial<PackedInventory>, complete: boolean): InventoryReading => ({
  inventory: { mesh: {}, gateways: [], namespaces: [], ...inventory },
  complete,
  unreadable: [],
  issues: [],
});
const whole = reading(
  { mesh: { dnsCapture: true, acceptedTrustDomains: ['b'] }, gateways: [gateway], namespaces: [namespace('shop')] },
  true,
);

describe('what is known of the own cluster', () => {
  it('is nothing while only a part was read and there is something to lose', () => {
    const facts = new KnownFacts();
    expect(facts.observe(reading({ namespaces: [namespace('shop')] }, false), false)).toBeUndefined();
    expect(facts.observe(reading({ namespaces: [namespace('shop')] }, false), true)?.namespaces).toHaveLength(1);
  });

  it('is not lost by a partial reading, which adds and updates', () => {
    const facts = new KnownFacts();
    facts.observe(whole, false);
    const partly = reading({ namespaces: [namespace('a')], gateways: [{ ...gateway, port: 31_443 }] }, false);
    const known = facts.observe(partly, false);
    expect(known?.namespaces.map(({ name }) => name)).toEqual(['a', 'shop']);
    expect(known?.gateways).toEqual([{ ...gateway, port: 31_443 }]);
    expect(known?.mesh).toEqual({ dnsCapture: true, acceptedTrustDomains: ['b'] });
  });

  it('is what the last complete reading says', () => {
    const facts = new KnownFacts();
    facts.observe(whole, false);
    expect(facts.observe(reading({}, true), false)).toEqual({ namespaces: [], gateways: [], mesh: {} });
  });
});
