import { describe, expect, it } from 'vitest';
import { previewText, progressText, proofText, type ClusterDeparture } from './departure.js';

const now = new Date('2026-12-01T12:00:00Z');
type Departure = ClusterDeparture['departure'];
const namespace = (more: Partial<Departure['namespaces'][number]> = {}): Departure['namespaces'][number] => ({
  ...{ globalNamespace: 'default/shop', hosts: ['cart.shop.global'], lastOf: [], draining: 0, drainEndsAt: undefined },
  ...{ waitingFor: [], objects: 12, reportedAt: '2026-12-01T11:59:50Z', state: 'ACTIVE' },
  ...more,
});
const cluster = (more: Partial<Departure> = {}, connected = true): ClusterDeparture => ({
  ...{ id: 'x', name: 'east', agent: { connected, session: 1, lastSeenAt: '2026-12-01T11:00:00Z' } },
  departure: {
    ...{ phase: 'LEAVING', since: undefined, by: 'user:ada', abandonedAt: undefined, namespaces: [], proof: [] },
    ...more,
  },
});
const progress = (more: Partial<Departure>, connected?: boolean): string => progressText(cluster(more, connected), now);

describe('a cluster that leaves', () => {
  it('tells whom it waits for before anything else, and what to do if they are gone', () => {
    const waiting = namespace({ draining: 2, waitingFor: ['west'] });
    expect(progress({ namespaces: [waiting] })).toContain('waiting for west');
    expect(progress({ namespaces: [waiting] })).toContain('isthmus cluster abandon');
  });

  it('tells how long members drain, rounded up, and never less than nothing', () => {
    const ends = (drainEndsAt: string) => progress({ namespaces: [namespace({ draining: 1, drainEndsAt })] });
    expect(ends('2026-12-01T12:00:44.001Z')).toContain('45 s more');
    expect(ends('2026-12-01T11:59:00Z')).toContain('0 s more');
  });

  it('does not say that objects go while members are still used', () => {
    expect(progress({ namespaces: [namespace()] })).toBe('east is leaving: 1 members begin to drain');
  });

  it('says that nobody else can remove the objects of a cluster whose agent is away', () => {
    const namespaces = [
      namespace({ hosts: [], state: 'LEAVING' }),
      namespace({ hosts: [], state: 'CLOSED', objects: 5 }),
    ];
    expect(progress({ namespaces })).toBe('east is leaving: the agent removes 12 objects');
    expect(progress({ namespaces }, false)).toContain('not connected');
  });

  it('shows what is lost before anybody agrees, and the proof at the end', () => {
    const text = previewText(
      cluster({ phase: 'MEMBER', namespaces: [namespace({ lastOf: ['cart.shop.global'] })] }, false),
      now,
    );
    expect(text).toContain('no other cluster serves: cart.shop.global');
    expect(text).toContain('its agent is not connected; it was heard 60m ago');
    const proof = [{ globalNamespace: 'default/shop', objects: 0, reportedAt: '2026-12-01T12:00:00Z' }];
    expect(progress({ phase: 'LEFT', proof })).toContain('0 objects in 1 global namespaces');
    expect(proofText(cluster({ proof }))).toContain('default/shop');
  });

  it('shows what stays behind in an evicted one', () => {
    const proof = [{ globalNamespace: 'default/shop', objects: 7, reportedAt: '2026-12-01T12:00:00Z' }];
    expect(progress({ phase: 'EVICTED', proof })).toContain('7 objects stay behind');
  });
});
