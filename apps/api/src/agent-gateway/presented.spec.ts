import type { CertificateRecord, PresentOutcome, SessionRecord, TenantTx } from '@isthmus/store';
import { beforeEach, describe, expect, it } from 'vitest';
import { presented } from './presented.js';

const RAISED = Date.parse('2026-06-01T12:00:00Z');
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe('a certificate that a restored database does not know', () => {
  let onRecord: Pick<CertificateRecord, 'serial' | 'state' | 'notBefore'>[];
  let session: Partial<SessionRecord>;
  let exists: boolean;
  let quarantined: string[];
  let taken: string[];
  beforeEach(() => {
    [onRecord, session, exists, quarantined, taken] = [[], {}, true, [], []];
  });
  /** Shows a certificate that was issued that long after the lineage was raised; `more` is what a forger changes. */
  const show = async (
    issuedMs: number,
    more: { notBefore?: Date; notAfter?: Date; raisedAt?: undefined } = {},
  ): Promise<PresentOutcome['outcome']> => {
    const isTaken = (serial: string): boolean => taken.includes(serial);
    const tx = {
      certificates: {
        present: (serial: string) =>
          Promise.resolve(isTaken(serial) ? { outcome: 'ok', cluster: 'c1', newest: true } : { outcome: 'unknown' }),
        ofCluster: () => Promise.resolve(onRecord),
        issue: ({ serial }: { serial: string }) => Promise.resolve(taken.push(serial)),
      },
      sessions: {
        get: () => Promise.resolve(session),
        quarantine: (cluster: string) => Promise.resolve(quarantined.push(cluster)),
      },
      resources: { byUid: () => Promise.resolve(exists ? { uid: 'c1' } : undefined) },
    } as unknown as TenantTx;
    const peer = {
      ...{ ok: true as const, org: 'o', cluster: 'c1', serial: '4f', expired: false, authority: 1 },
      notBefore: new Date(RAISED + issuedMs - 5 * MINUTE_MS),
      notAfter: new Date(RAISED + issuedMs + DAY_MS),
    };
    const raisedAt = 'raisedAt' in more ? undefined : new Date(RAISED);
    return (await presented(tx, { ...peer, ...more }, { raisedAt })).outcome;
  };
  const issuedAt = (ms: number, state: CertificateRecord['state'] = 'ACTIVE'): (typeof onRecord)[number] => ({
    ...{ serial: '41', state },
    notBefore: new Date(RAISED + ms - 5 * MINUTE_MS),
  });

  it('stays out of a database that was never restored, and without its cluster', async () => {
    expect(await show(-MINUTE_MS, { raisedAt: undefined })).toBe('unknown');
    exists = false;
    expect(await show(-MINUTE_MS)).toBe('unknown');
    expect([taken, quarantined]).toEqual([[], []]);
  });

  it('stays out if it was issued after the lineage was raised, clocks being up to five minutes apart', async () => {
    expect(await show(5 * MINUTE_MS + 1)).toBe('unknown');
    expect(taken).toEqual([]);
    expect(await show(5 * MINUTE_MS)).toBe('ok');
  });

  it('stays out if it lives for longer than any that we issue, whenever it says that it began', async () => {
    const notAfter = new Date(RAISED + 3650 * DAY_MS);
    expect(await show(-MINUTE_MS, { notAfter })).toBe('unknown');
    expect(await show(-MINUTE_MS, { notBefore: new Date(RAISED - 3650 * DAY_MS), notAfter })).toBe('unknown');
    expect(taken).toEqual([]);
  });

  it('stays out if the cluster is revoked now, or the newest on record is, and comes in if an earlier one was', async () => {
    session = { revokedAt: new Date(RAISED) };
    expect(await show(-MINUTE_MS)).toBe('revoked');
    session = {};
    onRecord = [issuedAt(-DAY_MS, 'REVOKED'), issuedAt(-2 * DAY_MS)];
    expect(await show(-MINUTE_MS)).toBe('revoked');
    expect([taken, quarantined]).toEqual([[], []]);
    onRecord = [issuedAt(-DAY_MS), issuedAt(-2 * DAY_MS, 'REVOKED')];
    expect(await show(-MINUTE_MS)).toBe('ok');
  });

  it('is a copy if one that is as new or newer is on record, and comes in if it is newer than all', async () => {
    for (const ms of [-MINUTE_MS, -2 * MINUTE_MS]) {
      onRecord = [issuedAt(-MINUTE_MS)];
      expect(await show(ms)).toBe('retired');
    }
    expect([taken, quarantined]).toEqual([[], ['c1', 'c1']]);
    onRecord = [issuedAt(-MINUTE_MS - 1000)];
    expect(await show(-MINUTE_MS)).toBe('ok');
    expect(taken).toEqual(['4f']);
  });
});
