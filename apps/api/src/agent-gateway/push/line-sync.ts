import { EMPTY_ROOT } from '@isthmus/domain';
import { comparePairs, judge, lineKey } from '@isthmus/protocol';
import type { AgentMessageOf, HeldLine, Position, Statement } from '@isthmus/protocol';

/** Where a line should be, as signed. */
export interface Wanted {
  statement: Statement;
  signature: string;
}

/** One line of one agent. At most one delta is under way. */
interface LineState {
  held: HeldLine | undefined;
  wanted: Wanted | undefined;
  inFlight: Wanted | undefined;
  /** The pair that the agent refused, or that kept failing: not offered again. */
  givenUp: Wanted | undefined;
  /** The database was found behind the agent, or beside it: what it wants in that epoch is another history and is not pushed. */
  stoppedIn: number | undefined;
  fullRequests: number;
}

export type LineEffect =
  | { do: 'send'; wanted: Wanted; from: string }
  /** The agent is ahead of the database, or holds another root at this position: nothing is pushed on this line. */
  | {
      do: 'fault';
      fault: 'database-went-back' | 'contradiction' | 'refused';
      wanted: Wanted;
      held: Position | undefined;
    };

export type LineEvent =
  | { event: 'hello'; lines: readonly HeldLine[] }
  | { event: 'wanted'; wanted: readonly Wanted[] }
  | { event: 'received'; message: AgentMessageOf<'received'> };

/** Whole trees that one position may ask for before it is given up: a delta that cannot be put together will not be by trying. */
const MAX_FULL_REQUESTS = 3;

/** What one agent holds, should hold and is being sent. A value: `step` gives the next one and what to do. */
export type SyncState = ReadonlyMap<string, LineState>;

export const EMPTY_SYNC: SyncState = new Map();

/** Begins with lines on which the database was found behind the agent before, in another stream or under another gateway. */
export function stoppedSync(stops: readonly { gns: string; line: string; epoch: number }[]): SyncState {
  const lines = stops.map(({ gns, line, epoch }) => [`${gns}/${line}`, { ...NEW_LINE, stoppedIn: epoch }] as const);
  return new Map(lines);
}

/** Takes an event. Slow agents get the newest position next, never a queue of old ones. */
export function step(state: SyncState, event: LineEvent): { state: SyncState; effects: LineEffect[] } {
  const next = new Map(state);
  const touched = apply(next, event);
  const effects: LineEffect[] = [];
  for (const key of touched) {
    const line = next.get(key);
    if (line === undefined) continue;
    const advanced = advance(line);
    next.set(key, advanced.line);
    effects.push(...advanced.effects);
  }
  return { state: next, effects };
}

function apply(lines: Map<string, LineState>, event: LineEvent): string[] {
  switch (event.event) {
    case 'hello':
      return event.lines.map((held) => update(lines, lineKey(held), (line) => ({ ...line, held })));
    case 'wanted':
      return event.wanted.map((wanted) => update(lines, lineKey(wanted.statement), (line) => withWanted(line, wanted)));
    case 'received':
      return [update(lines, lineKey(event.message), (line) => withReceived(line, event.message))];
  }
}

const NEW_LINE: LineState = {
  held: undefined,
  wanted: undefined,
  inFlight: undefined,
  givenUp: undefined,
  stoppedIn: undefined,
  fullRequests: 0,
};

function update(lines: Map<string, LineState>, key: string, change: (line: LineState) => LineState): string {
  lines.set(key, change(lines.get(key) ?? NEW_LINE));
  return key;
}

function withWanted(line: LineState, wanted: Wanted): LineState {
  if (line.wanted && comparePairs(wanted.statement, line.wanted.statement) <= 0) return line;
  return { ...line, wanted, fullRequests: 0 };
}

function withReceived(line: LineState, message: AgentMessageOf<'received'>): LineState {
  const { inFlight } = line;
  if (inFlight === undefined || comparePairs(inFlight.statement, message) !== 0) return line;
  const done: LineState = { ...line, inFlight: undefined };
  switch (message.outcome) {
    case 'ACCEPTED':
      return { ...done, held: { ...positionOf(inFlight), have: inFlight.statement.root } };
    case 'STALE':
      return { ...done, givenUp: inFlight };
    case 'REFUSED':
      return { ...done, givenUp: inFlight };
    case 'NEED_FULL': {
      const fullRequests = line.fullRequests + 1;
      const held = line.held && { ...line.held, have: undefined };
      return fullRequests > MAX_FULL_REQUESTS
        ? { ...done, fullRequests, givenUp: inFlight }
        : { ...done, fullRequests, held };
    }
  }
}

function advance(line: LineState): { line: LineState; effects: LineEffect[] } {
  const { held, wanted, inFlight } = line;
  if (wanted === undefined || inFlight !== undefined || isHeldBack(line, wanted)) return { line, effects: [] };
  switch (judge(held, wanted.statement)) {
    case 'newer':
      return sendNow(line, wanted);
    case 'same':
      return held?.have === undefined ? sendNow(line, wanted) : { line, effects: [] };
    case 'stale':
      return fault(line, wanted, 'database-went-back');
    case 'fault':
      return fault(line, wanted, 'contradiction');
  }
}

/** However far the sequence grows in a database that went back: only a higher epoch says that somebody meant it. */
function isHeldBack({ givenUp, stoppedIn }: LineState, { statement }: Wanted): boolean {
  const isGivenUp = givenUp !== undefined && comparePairs(givenUp.statement, statement) === 0;
  return isGivenUp || (stoppedIn !== undefined && statement.epoch <= stoppedIn);
}

function sendNow(line: LineState, wanted: Wanted): { line: LineState; effects: LineEffect[] } {
  const from = line.held?.have ?? EMPTY_ROOT;
  return { line: { ...line, inFlight: wanted }, effects: [{ do: 'send', wanted, from }] };
}

function fault(
  line: LineState,
  wanted: Wanted,
  kind: 'database-went-back' | 'contradiction',
): { line: LineState; effects: LineEffect[] } {
  const stoppedIn = line.held?.epoch;
  return { line: { ...line, stoppedIn }, effects: [{ do: 'fault', fault: kind, wanted, held: line.held }] };
}

function positionOf({ statement: { gns, line, epoch, seq, root } }: Wanted): Position {
  return { gns, line, epoch, seq, root };
}
