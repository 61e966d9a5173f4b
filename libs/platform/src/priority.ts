import { readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** How much later others than the main thread have their turn, in steps of nice(2): five are a third of its share. */
const LATER = 5;
/** Later than this nothing comes. */
const LAST = 19;
const TASKS = '/proc/self/task';

/**
 * Lets the main thread, which answers, go before the other threads that the process has by now: those in which V8 marks garbage and compiles, and
 * those of libuv, which hash and read files. So requests do not wait for them where they share a core; where each has a core of its own, nothing changes.
 * Returns how many threads come later now; 0 where threads have no priority of their own (Linux alone has that) or it may not be set.
 */
export function letMainThreadGoFirst(): number {
  const niceness = Math.min(getPriority() + LATER, LAST);
  return threads().filter((thread) => thread !== process.pid && isSet(thread, niceness)).length;
}

function threads(): number[] {
  try {
    return readdirSync(TASKS).map(Number);
  } catch {
    return [];
  }
}

/** False if the thread ended meanwhile, or where sandboxes do not let priorities be set. */
function isSet(thread: number, niceness: number): boolean {
  try {
    setPriority(thread, niceness);
    return true;
  } catch {
    return false;
  }
}
