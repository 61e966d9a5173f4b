import type { KubeObject } from '@isthmus/domain';
import type { KubeClient, Selection } from './client.js';
import { failureOf } from './failures.js';
import { pathOf, withQuery } from './resource-type.js';
import type { KubeFailure } from './result.js';

export type WatchEvent =
  { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: KubeObject } | { type: 'BOOKMARK'; resourceVersion: string };

/** How a watch ended. `stalled`: no byte came for too long, so the connection is taken for dead. */
export type WatchEnd =
  { reason: 'closed' | 'stalled' | 'aborted' } | { reason: 'failed' | 'gone'; failure: KubeFailure };

export interface WatchRequest extends Selection {
  resourceVersion: string;
  /** The server ends the watch after this long, so that connections move between apiservers. */
  lifeSeconds: number;
  /** Bookmarks come about each minute; silence for longer than this is a dead connection. */
  stallMs: number;
  signal: AbortSignal;
  /** The server has taken the watch. */
  opened: () => void;
  event: (event: WatchEvent) => void;
}

const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Follows changes from a resourceVersion on, until the connection ends for whatever reason. */
export async function watchStream(client: KubeClient, request: WatchRequest): Promise<WatchEnd> {
  const { type, namespace, labelSelector, fieldSelector, resourceVersion, lifeSeconds, signal } = request;
  const path = withQuery(pathOf(type, { namespace }), {
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion,
    timeoutSeconds: lifeSeconds,
    labelSelector,
    fieldSelector,
  });
  const opened = await client.transport.open({ method: 'GET', path, signal });
  if (signal.aborted) return { reason: 'aborted' };
  if (!opened.ok) return endOf(opened.failure);
  request.opened();
  const open = opened.value;
  return new Promise((resolve) => {
    const end = (result: WatchEnd): void => {
      clearTimeout(stall);
      signal.removeEventListener('abort', aborted);
      resolve(result);
      open.close();
    };
    const aborted = (): void => end({ reason: 'aborted' });
    const stall = setTimeout(() => end({ reason: 'stalled' }), request.stallMs);
    const lines = new Lines((line) => {
      const ending = takeLine(line, request);
      if (ending !== undefined) end(ending);
    });
    signal.addEventListener('abort', aborted, { once: true });
    open.response.on('data', (chunk: Buffer) => {
      stall.refresh();
      if (!lines.add(chunk)) end(brokenOff('a line of the watch is too long'));
    });
    open.response.once('end', () => end({ reason: 'closed' }));
    open.response.once('error', (error) => end(brokenOff(error.message)));
    open.response.once('close', () => end(brokenOff('the watch was cut')));
  });
}

function brokenOff(message: string): WatchEnd {
  return { reason: 'failed', failure: { kind: 'transient', message } };
}

function endOf(failure: KubeFailure): WatchEnd {
  return { reason: failure.kind === 'gone' ? 'gone' : 'failed', failure };
}

/** Hands an event on; answers how the watch ends if the line says so. */
function takeLine(line: string, request: WatchRequest): WatchEnd | undefined {
  let event: { type?: string; object?: KubeObject & { code?: number } };
  try {
    event = JSON.parse(line) as typeof event;
  } catch {
    return brokenOff('a line of the watch is no JSON');
  }
  const { type, object } = event;
  if (object === undefined) return brokenOff('an event of the watch has no object');
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      request.event({ type, object });
      return undefined;
    case 'BOOKMARK':
      request.event({ type, resourceVersion: object.metadata.resourceVersion ?? '' });
      return undefined;
    case 'ERROR':
      return endOf(failureOf({ status: object.code ?? 500, body: object }));
    default:
      return undefined;
  }
}

/** Cuts a stream of bytes into lines. */
class Lines {
  #rest: Buffer[] = [];
  #restSize = 0;

  constructor(private readonly line: (text: string) => void) {}

  /** False if a line is longer than any object may be. */
  add(chunk: Buffer): boolean {
    let start = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, start)) {
      const text = Buffer.concat([...this.#rest, chunk.subarray(start, at)]).toString('utf8');
      this.#rest = [];
      this.#restSize = 0;
      start = at + 1;
      if (text !== '') this.line(text);
    }
    if (start < chunk.length) this.#rest.push(chunk.subarray(start));
    this.#restSize += chunk.length - start;
    return this.#restSize <= MAX_LINE_BYTES;
  }
}
