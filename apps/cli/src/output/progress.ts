import type { Terminal } from '../terminal.js';

/** Before that, nothing is told; and between two lines. Milliseconds. */
const PATIENCE = 1_000;
const PAUSE = 100;

/** One line on a terminal that says how far a long command is; off a terminal, and while it is quick, nothing. */
export class Progress {
  private readonly start: number;
  private last = 0;

  constructor(private readonly terminal: Pick<Terminal, 'err' | 'isErrTty' | 'now'>) {
    this.start = terminal.now().getTime();
  }

  /** Says what is done now; seldom enough to call it for every item. */
  tell(text: string): void {
    if (!this.terminal.isErrTty) return;
    const now = this.terminal.now().getTime();
    if (now - this.start < PATIENCE || now - this.last < PAUSE) return;
    this.last = now;
    this.terminal.err(`\r\u001b[2K${text}`);
  }

  /** Takes the line away; before anything else is written. */
  end(): void {
    if (this.last > 0) this.terminal.err('\r\u001b[2K');
    this.last = 0;
  }
}
