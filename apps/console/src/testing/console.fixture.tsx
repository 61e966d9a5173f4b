import { createMemoryHistory } from '@tanstack/react-router';
import { act, cleanup, configure, render } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { afterEach } from 'vitest';
import { createGraphqlClient } from '../connection/client.js';
import { createLinkState } from '../connection/link-state.js';
import { createSession, type Session } from '../connection/session.js';
import { WebConsole } from '../web-console.js';

/** What the server answers an operation: data, a response of its own, or what a function of the variables gives. */
export type Answers = Readonly<Record<string, object | ((variables: Record<string, unknown>) => object)>>;

export interface Asked {
  operation: string;
  variables: Record<string, unknown>;
}

export interface ShownConsole {
  session: Session;
  /** Operations in the order in which they were asked. */
  asked: Asked[];
  user: UserEvent;
  /** The address that is shown. */
  address: () => string;
}

/** Never connects: views hear of no changes. */
class SilentSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  close(): void {
    // Nothing is open.
  }
}

/** Sees nothing come near, unless a test says so. */
class StillObserver {
  static readonly all = new Set<StillObserver>();
  readonly #seen = new Set<Element>();
  constructor(private readonly tell: (entries: { isIntersecting: boolean }[]) => void) {}
  observe(element: Element): void {
    this.#seen.add(element);
    StillObserver.all.add(this);
  }
  disconnect(): void {
    StillObserver.all.delete(this);
  }
  move(element: Element, isIntersecting: boolean): void {
    if (this.#seen.has(element)) this.tell([{ isIntersecting }]);
  }
}

/** As if somebody had scrolled to an element, or away from it. */
export function scrolled(element: Element, isNear: boolean): void {
  act(() => {
    for (const observer of StillObserver.all) observer.move(element, isNear);
  });
}

// A machine that does much else at once is slow, not wrong.
configure({ asyncUtilTimeout: 20_000 });

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  localStorage.clear();
});

/** Shows the console at an address, signed in by the browser's session unless another is given; the network is `answers`. */
export function showConsole(path: string, answers: Answers, session?: Session): ShownConsole {
  const asked: Asked[] = [];
  const signedIn = session ?? createSession(sessionStorage, true);
  window.scrollTo = () => undefined;
  Element.prototype.scrollIntoView = () => undefined;
  Object.assign(window, { IntersectionObserver: StillObserver });
  window.matchMedia = (media) => Object.assign(new EventTarget(), { media, matches: false }) as MediaQueryList;
  const history = createMemoryHistory({ initialEntries: [`/console${path}`] });
  const link = createLinkState();
  const fetcher: typeof fetch = (_address, init) => {
    const { operationName: operation, variables } = JSON.parse(init?.body as string) as {
      operationName: string;
      variables: Record<string, unknown>;
    };
    asked.push({ operation, variables });
    const found = answers[operation];
    const answer = isFunction(found) ? found(variables) : found;
    return Promise.resolve(answer instanceof Response ? answer.clone() : json(bodyOf(operation, answer)));
  };
  const socket = SilentSocket as unknown as typeof WebSocket;
  const client = createGraphqlClient({
    session: signedIn,
    link,
    origin: 'http://console.test',
    fetch: fetcher,
    socket,
  });
  render(<WebConsole client={client} session={signedIn} link={link} history={history} />);
  const address = (): string => history.location.href;
  return { session: signedIn, asked, user: userEvent.setup(), address };
}

function isFunction(answer: Answers[string] | undefined): answer is (variables: Record<string, unknown>) => object {
  return typeof answer === 'function';
}

function bodyOf(operation: string, answer: object | undefined): object {
  if (answer !== undefined) return { data: answer };
  return { errors: [{ message: `the test has no answer for ${operation}` }] };
}

/** An answer as the server sends it. */
export function json(body: object, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}
