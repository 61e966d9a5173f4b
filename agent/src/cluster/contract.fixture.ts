import { LABELS, MANAGED_BY, objectKey } from '@isthmus/domain';
import type { KubeObject } from '@isthmus/domain';
import { contentHash, withContentHash } from '@isthmus/meshes';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClusterPort } from './cluster-port.js';
import { referenceOf } from './cluster-port.js';

export interface PortUnderTest {
  port: ClusterPort;
  /** Puts an object there as a user would, whatever the port thinks. */
  putForeign(object: KubeObject): Promise<void>;
}

/** A ServiceEntry with our label. */
export function ours(name: string, spec: Record<string, unknown> = {}): KubeObject {
  const labels = { [LABELS.managedBy]: MANAGED_BY };
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name, namespace: 'shop', labels },
    spec,
  };
}

/** The same object as a user would have made it. */
export function foreign(name: string): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name, namespace: 'shop' },
    spec: { mine: true },
  };
}

/** What every cluster port keeps to; run it on each. */
export function clusterPortContract(name: string, create: () => Promise<PortUnderTest>): void {
  describe(`${name} as a cluster port`, () => {
    let under: PortUnderTest;
    beforeEach(async () => {
      under = await create();
    });

    it('refuses to write over or remove what has no label of ours', async () => {
      await under.putForeign(foreign('a'));
      expect(await under.port.observe(referenceOf(ours('a')))).toEqual({ state: 'foreign' });
      expect(await under.port.apply(ours('a'))).toMatchObject({ outcome: 'refused' });
      expect(await under.port.remove(referenceOf(ours('a')))).toMatchObject({ outcome: 'refused' });
      expect(await under.port.observe(referenceOf(ours('a')))).toEqual({ state: 'foreign' });
    });

    it('calls the removal of an absent object done', async () => {
      expect(await under.port.remove(referenceOf(ours('a')))).toEqual({ outcome: 'done' });
    });

    it('gives back what was applied, replaced, and then removed', async () => {
      expect(await under.port.apply(ours('a', { n: 1 }))).toMatchObject({ outcome: 'done' });
      await under.port.apply(ours('a', { n: 2 }));
      expect(await under.port.observe(referenceOf(ours('a')))).toMatchObject({
        state: 'ours',
        hash: contentHash(ours('a', { n: 2 })),
      });
      await under.port.remove(referenceOf(ours('a')));
      expect(await under.port.observe(referenceOf(ours('a')))).toEqual({ state: 'absent' });
    });

    it('tells what it wrote from what somebody made of it', async () => {
      const written = withContentHash(ours('a', { n: 1 }));
      await under.port.apply(written);
      expect(await under.port.observe(referenceOf(written))).toMatchObject({ state: 'ours', isEdited: false });
      await under.port.remove(referenceOf(written));
      await under.putForeign({ ...written, spec: { n: 2 } });
      await vi.waitFor(async () =>
        expect(await under.port.observe(referenceOf(written))).toMatchObject({ state: 'ours', isEdited: true }),
      );
    });

    it('reads what was applied, and nothing of somebody else', async () => {
      await under.port.apply(ours('a', { list: [{ name: 'x' }] }));
      await under.putForeign(foreign('b'));
      expect(await under.port.read(referenceOf(ours('a')))).toEqual({
        state: 'ours',
        object: ours('a', { list: [{ name: 'x' }] }),
      });
      for (const name of ['b', 'absent'])
        expect(await under.port.read(referenceOf(ours(name)))).toEqual({ state: 'absent' });
    });

    it('starts with an empty record and keeps what is saved', async () => {
      expect(await under.port.loadRecord()).toEqual({ fences: [], owned: [] });
      const record = {
        fences: [{ gns: 'g', line: 'policy' as const, epoch: 1, seq: 2, root: 'r' }],
        owned: [{ ...referenceOf(ours('a')), gns: 'g', side: 'owner' as const, order: 1, hash: 'h' }],
      };
      await under.port.saveRecord(record);
      expect(await under.port.loadRecord()).toEqual(record);
      expect(objectKey(record.owned[0] ?? referenceOf(ours('a')))).toBe('networking.istio.io/v1/ServiceEntry/shop/a');
    });

    it('has one uid for its life', async () => {
      expect(await under.port.uid()).toBe(await under.port.uid());
    });
  });
}
