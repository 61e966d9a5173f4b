import type { Store } from '@isthmus/store';
import { writeReports, type Reports, type SessionReports } from './reports.js';

/** Reports that come within this time are written together. */
const GATHER_MS = 100;

interface Waiting {
  from: SessionReports['from'];
  reports: Pick<Reports, 'take'>;
  done: (outcome: 'written' | 'fenced') => void;
  failed: (error: unknown) => void;
}

/**
 * Writes what the agents of an organization report in one transaction for all of them: a change that many clusters apply at once costs
 * one commit, and they do not wait for each other's locks. If that fails each is written alone, so that nobody spoils the others' reports.
 */
export class ReportWriter {
  readonly #waiting = new Map<string, Waiting[]>();

  constructor(
    private readonly store: Store,
    private readonly gatherMs = GATHER_MS,
  ) {}

  /** Takes the reports when their group is written; rejects if they could not be. */
  write(org: string, from: SessionReports['from'], reports: Pick<Reports, 'take'>): Promise<'written' | 'fenced'> {
    return new Promise((done, failed) => {
      const group = this.#waiting.get(org) ?? [];
      group.push({ from, reports, done, failed });
      if (group.length > 1) return;
      this.#waiting.set(org, group);
      setTimeout(() => {
        this.#waiting.delete(org);
        void this.#writeGroup(org, group);
      }, this.gatherMs);
    });
  }

  async #writeGroup(org: string, group: readonly Waiting[]): Promise<void> {
    const all = group.map((one) => ({ one, item: { from: one.from, taken: one.reports.take() } }));
    try {
      const items = all.map(({ item }) => item);
      const fenced = await this.store.withTenant(org, (tx) => writeReports(tx, items));
      for (const { from, done } of group) done(fenced.has(from.cluster) ? 'fenced' : 'written');
    } catch (error) {
      if (all.length === 1) return group[0]?.failed(error);
      for (const { one, item } of all) await this.#writeAlone(org, one, item);
    }
  }

  async #writeAlone(org: string, { done, failed }: Waiting, item: SessionReports): Promise<void> {
    try {
      const fenced = await this.store.withTenant(org, (tx) => writeReports(tx, [item]));
      done(fenced.size > 0 ? 'fenced' : 'written');
    } catch (error) {
      failed(error);
    }
  }
}
