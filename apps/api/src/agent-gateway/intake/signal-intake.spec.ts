import type { AgentMessageOf } from '@isthmus/protocol';
import { describe, expect, it } from 'vitest';
import { takeSignals } from './signal-intake.js';

const now = 1_800_000_000;
const sample = { host: 'a.shop.global', total: 2, errors: 1 };
const frame = (more: Partial<AgentMessageOf<'signals'>> = {}): AgentMessageOf<'signals'> => ({
  type: 'signals',
  gns: 'g1',
  minute: now - 60,
  samples: [sample],
  ...more,
});
const take = (more: Partial<AgentMessageOf<'signals'>> = {}, hosts = ['a.shop.global']) =>
  takeSignals(frame(more), { now, hosts: new Set(hosts) });

describe('signals of a cluster', () => {
  it('are not taken if they are counted for good, or of a clock that is far ahead', () => {
    expect(take({ minute: now - 17 * 60 })).toEqual({ kind: 'too-late' });
    expect(take({ minute: now - 16 * 60 })).toMatchObject({ kind: 'row' });
    expect(take({ minute: now + 120 })).toEqual({ kind: 'too-early' });
    expect(take({ minute: now + 60 })).toMatchObject({ kind: 'row' });
  });

  it('are nothing on hosts that have no member there, or where no sample can be read', () => {
    expect(take({}, [])).toEqual({ kind: 'nothing' });
    expect(take({ samples: [{ host: 'a.shop.global', total: 1, errors: 5 }] })).toEqual({ kind: 'nothing' });
  });

  it('keep their own hosts, whole minutes, and the mark of what was replayed', () => {
    const samples = [sample, { ...sample, host: 'b.shop.global' }];
    expect(take({ samples, minute: now - 59, simulated: true })).toEqual({
      kind: 'row',
      minute: new Date((now - 60) * 1000),
      body: { samples: [sample], simulated: true },
    });
  });
});
