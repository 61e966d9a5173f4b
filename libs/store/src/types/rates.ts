/** What one process let through since it said so last. */
export interface RateSpending {
  /** Of a caller, or of the whole organization. */
  key: string;
  spent: number;
}

/** What all processes together let through in the window that is open. */
export interface RateUse {
  key: string;
  used: number;
  /** Until the window ends, in milliseconds. */
  leftMs: number;
}

export interface RateRepository {
  /** Adds to the open windows, and begins those that are not open; in one statement. */
  spend(spendings: readonly RateSpending[], windowMs: number): Promise<RateUse[]>;
  /** Drops windows that are over; answers how many. */
  forget(): Promise<number>;
}
