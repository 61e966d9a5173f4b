import { describe, expect, it } from 'vitest';
import { ExtensionRights } from './extension-rights.js';

const ENVOY_FILTER = 'networking.istio.io/v1alpha3/EnvoyFilter';

function rights(allows: (namespace: string | undefined) => boolean | undefined) {
  const asked: (string | undefined)[] = [];
  let now = 0;
  const client = {
    allows: ({ namespace }: { namespace?: string | undefined }) => {
      asked.push(namespace);
      const value = allows(namespace);
      return Promise.resolve(
        value === undefined
          ? { ok: false as const, failure: { kind: 'transient' as const, message: 'no answer' } }
          : { ok: true as const, value },
      );
    },
  };
  const found = new ExtensionRights(client, { namespace: 'own', clock: { monotonicMs: () => now } });
  return { found, asked, pass: (ms: number) => (now += ms) };
}

describe('rights to kinds that reach past the API of a mesh', () => {
  it('are denied if they are held nowhere', async () => {
    expect(await rights(() => false).found.denied()).toEqual([ENVOY_FILTER]);
  });

  it('are not denied where they are held somewhere, or where nobody says', async () => {
    expect(await rights((namespace) => namespace === undefined).found.denied()).toEqual([]);
    expect(await rights((namespace) => namespace === 'own').found.denied()).toEqual([]);
    expect(await rights(() => undefined).found.denied()).toEqual([]);
    expect(await rights((namespace) => (namespace === undefined ? false : undefined)).found.denied()).toEqual([]);
  });

  it('are asked for again after a minute, and not before', async () => {
    let may = false;
    const { found, asked, pass } = rights(() => may);
    await found.denied();
    may = true;
    pass(59_999);
    expect(await found.denied()).toEqual([ENVOY_FILTER]);
    expect(asked).toEqual([undefined, 'own']);
    pass(1);
    expect(await found.denied()).toEqual([]);
  });
});
