/** Lets the first of a burst pass at once and then one each interval: says how long the next one has to wait. */
export class Pacer {
  private readonly next = new Map<string, number>();

  constructor(private readonly intervalMs: number) {}

  /** Milliseconds to wait before doing it, counted from `now`; what is asked meanwhile shares that turn. */
  delay(key: string, now: number): number {
    const due = this.next.get(key) ?? 0;
    if (now < due) return due - now;
    this.next.set(key, now + this.intervalMs);
    this.forget(now);
    return 0;
  }

  private forget(now: number): void {
    if (this.next.size < 1_000) return;
    for (const [key, due] of this.next) if (due <= now) this.next.delete(key);
  }
}
