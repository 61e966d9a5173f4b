import { sha256Hex } from '@isthmus/domain';
import { heldSetHash } from '@isthmus/plan';
import { MAX_REPORTED } from '@isthmus/protocol';
import type { AgentMessageOf, ApplyState, Position } from '@isthmus/protocol';
import type { GnsResult } from '../apply/run-round.js';
import type { Judged } from '../render/wish.js';

export type AppliedFrame = AgentMessageOf<'applied'>;

/**
 * Reports of one round for one global namespace: a frame for each line that it has. Issues, and the hash of all objects, go with the policy
 * line, or the only one: a change of it is no news of the other.
 */
export function framesOf(judged: Judged, result: GnsResult): AppliedFrame[] {
  const state = judged.state ?? stateOf(judged, result);
  const issues = [...judged.issues, ...result.issues];
  const positions = [judged.policy, judged.catalog].filter((position) => position !== undefined);
  return positions.map((position, index) =>
    frame(position, { state, result, issues: index === 0 ? issues : undefined, isReady: isReady(judged, state) }),
  );
}

function stateOf(judged: Judged, result: GnsResult): ApplyState {
  if (result.failed) return 'PARTIAL';
  if (result.waiting) return 'WAITING';
  if (result.held.length > 0) return 'HELD';
  const leaving = judged.wish.kind === 'render' && judged.wish.planned;
  return leaving && result.objects.length === 0 ? 'LEFT' : 'APPLIED';
}

/** Everything stands but the routes that wait, so others may begin to name what this cluster owns. */
function isReady({ wish }: Judged, state: ApplyState): boolean {
  return wish.kind === 'render' && wish.step === 'expand' && state !== 'PARTIAL';
}

interface Said {
  isReady: boolean;
  state: ApplyState;
  result: GnsResult;
  /** Undefined: they go with another line. */
  issues: GnsResult['issues'] | undefined;
}

function frame(position: Position, { state, result, issues: all, isReady: ready }: Said): AppliedFrame {
  const issues = all ?? [];
  const { gns, line, epoch, seq, root } = position;
  const applied: AppliedFrame = {
    type: 'applied',
    gns,
    line,
    epoch,
    seq,
    root,
    state,
    objects: result.objects.length,
    issues: issues.slice(0, MAX_REPORTED),
  };
  if (ready && line === 'policy') applied.ready = true;
  if (all !== undefined) applied.objectsHash = hashOf(result.objects);
  if (issues.length > MAX_REPORTED) applied.moreIssues = issues.length - MAX_REPORTED;
  if (result.held.length > 0)
    applied.held = {
      setHash: heldSetHash(result.held),
      count: result.held.length,
      items: result.held.slice(0, MAX_REPORTED),
    };
  return applied;
}

const hashes = new WeakMap<GnsResult['objects'], string>();

/** A round that changed nothing gives the very same objects. */
function hashOf(objects: GnsResult['objects']): string {
  const known = hashes.get(objects);
  if (known !== undefined) return known;
  const lines = objects.map((owned) => `${owned.kind}/${owned.namespace ?? ''}/${owned.name}:${owned.hash}`);
  const hash = sha256Hex(lines.sort().join('\n'));
  hashes.set(objects, hash);
  return hash;
}

/** Sends a report only when it says something new in this stream: idle agents write nothing. */
export class Reporter {
  #latest = new Map<string, AppliedFrame>();
  #sent = new Map<string, string>();

  /** Takes the frames of a whole round. */
  update(frames: readonly AppliedFrame[]): void {
    this.#latest = new Map(frames.map((item) => [`${item.gns}/${item.line}`, item]));
  }

  /** A new stream: the far end is told everything once. */
  restart(): void {
    this.#sent.clear();
  }

  /** Frames to send now; they count as sent. */
  take(): AppliedFrame[] {
    const news: AppliedFrame[] = [];
    for (const [key, item] of this.#latest) {
      const text = JSON.stringify(item);
      if (this.#sent.get(key) === text) continue;
      this.#sent.set(key, text);
      news.push(item);
    }
    return news;
  }
}
