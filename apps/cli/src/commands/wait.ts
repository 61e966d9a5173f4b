import { issue, type Issue } from '@isthmus/domain';
import type { RemoteResource } from '../online/answers.js';
import { kindNamed } from '../online/kinds.js';
import { oneResource } from '../online/resources.js';
import { patiently, tell, withSession, type OnlineOptions } from '../online/session.js';
import type { Outcome } from '../outcome.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

const POLL_MS = 1000;
const DEFAULT_TIMEOUT = '5m';

/** Options of `wait`. */
export interface WaitOptions extends OnlineOptions {
  for: string;
  timeout?: string;
  project?: string;
}

/** `isthmus wait KIND NAME --for=condition=Applied`: until the condition holds for the newest generation, or the time is over. */
export async function waitCommand(
  terminal: Terminal,
  [word, name]: [string, string],
  options: WaitOptions,
): Promise<ExitCode> {
  const wanted = options.for.toLowerCase() === 'delete' ? undefined : parseCondition(options.for);
  const deadline = terminal.now().getTime() + parseTimeout(options.timeout ?? DEFAULT_TIMEOUT);
  const place = { kind: kindNamed(word), name, ...(options.project && { project: options.project }) };
  return withSession(terminal, options, async ({ ask }) => {
    let told = '';
    const read = patiently(terminal, () => oneResource(ask, place));
    for (;;) {
      const answer = await read();
      const found = answer === undefined ? { is: 'waiting' as const, ...AWAY, held: told } : lookAt(answer, wanted);
      if (found.is === 'refused') return tell(terminal, found.issues);
      if (found.is === 'met') {
        terminal.out(`${place.kind.toLowerCase()}/${name} ${wanted === undefined ? 'is deleted' : 'condition met'}\n`);
        return EXIT.ok;
      }
      if (terminal.now().getTime() >= deadline) return tell(terminal, [issue('ISM0617', { message: found.state })]);
      if (found.held !== told) terminal.err(found.held === '' ? '' : `waiting for a person: ${found.held}\n`);
      told = found.held;
      await terminal.sleep(POLL_MS);
    }
  });
}

const AWAY = { state: 'the server does not answer' };

type Seen = { is: 'met' } | { is: 'refused'; issues: Issue[] } | { is: 'waiting'; state: string; held: string };

/** How a resource stands to what is waited for; `wanted` undefined = that it is gone. */
function lookAt(found: Outcome<RemoteResource>, wanted: WantedCondition | undefined): Seen {
  if (!found.ok) {
    const isGone = found.issues.every(({ code }) => code === 'ISM0615');
    return isGone && wanted === undefined ? { is: 'met' } : { is: 'refused', issues: found.issues };
  }
  if (wanted === undefined) return { is: 'waiting', state: 'it is still there', held: '' };
  const state = stateOf(found.value, wanted);
  return state === undefined ? { is: 'met' } : { is: 'waiting', state, held: heldState(found.value, wanted) ?? '' };
}

interface WantedCondition {
  type: string;
  status: string;
}

/** `condition=Applied` or `condition=Applied=false`. */
function parseCondition(text: string): WantedCondition {
  const [, type, status = 'true'] = /^condition=([A-Za-z]{1,63})(?:=(true|false|unknown))?$/i.exec(text) ?? [];
  if (type === undefined) throw new UsageError('--for takes delete, condition=TYPE or condition=TYPE=false');
  return { type, status: status.toUpperCase() };
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Milliseconds of `--timeout`. */
export function parseTimeout(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  const seconds = SECONDS[unit];
  if (count === undefined || seconds === undefined) throw new UsageError('--timeout takes a time like 30s, 5m or 1h');
  return Number(count) * seconds * 1000;
}

/** What a person is asked for before the condition can hold. */
function heldState({ conditions }: RemoteResource, { type }: WantedCondition): string | undefined {
  const isHeld = ({ reason }: RemoteResource['conditions'][number]): boolean =>
    reason === 'RemovalsHeld' || reason === 'DeletionsHeld';
  return conditions.find((one) => one.type.toLowerCase() === type.toLowerCase() && isHeld(one))?.message;
}

/** Why the condition does not hold yet; undefined if it does, for this generation of the resource. */
function stateOf({ conditions, generation }: RemoteResource, { type, status }: WantedCondition): string | undefined {
  const condition = conditions.find((one) => one.type.toLowerCase() === type.toLowerCase());
  if (condition === undefined) return `there is no condition ${type}`;
  const { observedGeneration = generation, message } = condition;
  if (observedGeneration < generation) return `${condition.type} speaks of an older generation`;
  return condition.status === status ? undefined : `${condition.type} is ${condition.status}: ${message}`;
}
