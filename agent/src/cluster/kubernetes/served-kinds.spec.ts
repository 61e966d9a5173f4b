import { fail, succeed, type KubeResult } from '@isthmus/kube';
import { OPTIONAL_KINDS, RENDERED_KINDS } from '@isthmus/meshes';
import { describe, expect, it } from 'vitest';
import { ServedKinds } from './served-kinds.js';

const SIDECAR = 'networking.istio.io/v1/Sidecar';
const ALL = [...RENDERED_KINDS].sort();
const GROUPS = new Set(OPTIONAL_KINDS.map((kind) => kind.slice(0, kind.lastIndexOf('/')))).size;
const without = (kind: string): string[] => ALL.filter((one) => one !== kind);

/** A cluster whose answers can be changed, and a clock. */
function scene() {
  const state = { now: 0, asked: 0, served: new Set(ALL), failing: false };
  const kindsOf = (group: string): Promise<KubeResult<string[]>> => {
    state.asked += 1;
    if (state.failing) return Promise.resolve(fail({ kind: 'transient', message: 'not now' }));
    const kinds = [...state.served].filter((kind) => kind.startsWith(`${group}/`));
    return Promise.resolve(succeed(kinds.map((kind) => kind.slice(group.length + 1))));
  };
  const served = new ServedKinds({ kindsOf }, {}, () => state.now);
  const at = async (seconds: number): Promise<boolean> => {
    state.now = seconds * 1_000;
    return served.follow();
  };
  return { state, served, at };
}

describe('kinds that a cluster serves', () => {
  it('are not known while it does not answer, and are asked for again', async () => {
    const { state, served, at } = scene();
    state.failing = true;
    expect([await at(0), served.kinds]).toEqual([false, undefined]);
    state.failing = false;
    expect([await at(29), served.kinds]).toEqual([false, undefined]);
    expect([await at(30), served.kinds]).toEqual([true, ALL]);
  });

  it('are not missed at once: an apiserver that starts serves them a moment later', async () => {
    const { state, served, at } = scene();
    state.served.clear();
    expect([await at(0), served.kinds]).toEqual([true, ALL]);
    for (const kind of ALL) state.served.add(kind);
    expect([await at(30), served.kinds]).toEqual([false, ALL]);
  });

  it('are missed when they were not there twice, and noticed within half a minute when they are installed', async () => {
    const { state, served, at } = scene();
    state.served.delete(SIDECAR);
    await at(0);
    expect([await at(30), served.kinds]).toEqual([true, without(SIDECAR)]);
    state.served.add(SIDECAR);
    expect([await at(59), served.kinds]).toEqual([false, without(SIDECAR)]);
    expect([await at(60), served.kinds]).toEqual([true, ALL]);
  });

  it('are never without those that everything needs: the cluster says by itself what it does not take', async () => {
    const { state, served, at } = scene();
    state.served.delete('networking.istio.io/v1/ServiceEntry');
    await at(0);
    await at(30);
    expect(served.kinds).toEqual(ALL);
  });

  it('stay as they were while the cluster does not answer', async () => {
    const { state, served, at } = scene();
    state.served.delete(SIDECAR);
    await at(0);
    await at(30);
    state.failing = true;
    expect([await at(60), served.kinds]).toEqual([false, without(SIDECAR)]);
    state.failing = false;
    state.served.add(SIDECAR);
    expect([await at(90), served.kinds]).toEqual([true, ALL]);
  });

  it('cost one request a group in ten minutes while all are there', async () => {
    const { state, at } = scene();
    for (let seconds = 0; seconds < 600; seconds += 30) await at(seconds);
    expect(state.asked).toBe(GROUPS);
    await at(600);
    expect(state.asked).toBe(2 * GROUPS);
  });
});
