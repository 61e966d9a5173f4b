import { EMPTY_ROOT } from '@isthmus/domain';
import type { AgentMessageOf, HeldLine } from '@isthmus/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_SYNC, step } from './line-sync.js';
import type { LineEffect, LineEvent, Wanted } from './line-sync.js';

const root = (letter: string): string => letter.repeat(64);
const wanted = (seq: number, letter: string, epoch = 1): Wanted => ({
  statement: { org: 'o', cluster: 'c', gns: 'g', line: 'policy', epoch, seq, root: root(letter) },
  signature: 's',
});
const held = (seq: number, letter: string, epoch = 1): HeldLine => ({
  gns: 'g',
  line: 'policy',
  epoch,
  seq,
  root: root(letter),
  have: root(letter),
});
const received = (seq: number, outcome: AgentMessageOf<'received'>['outcome']): LineEvent => ({
  event: 'received',
  message: { type: 'received', gns: 'g', line: 'policy', epoch: 1, seq, root: root('a'), outcome },
});

function run(...events: LineEvent[]): LineEffect[][] {
  let state = EMPTY_SYNC;
  return events.map((event) => {
    const result = step(state, event);
    state = result.state;
    return result.effects;
  });
}
const hello = (...lines: HeldLine[]): LineEvent => ({ event: 'hello', lines });
const want = (...all: Wanted[]): LineEvent => ({ event: 'wanted', wanted: all });

describe('the sync of one line', () => {
  it('pushes nothing to an agent that is ahead of the database, and says that it went back', () => {
    expect(run(hello(held(9, 'b')), want(wanted(8, 'a')))[1]).toMatchObject([
      { do: 'fault', fault: 'database-went-back' },
    ]);
    expect(run(hello(held(1, 'b', 2)), want(wanted(8, 'a')))[1]).toMatchObject([
      { do: 'fault', fault: 'database-went-back' },
    ]);
  });

  it('pushes nothing where one position has two roots', () => {
    expect(run(hello(held(8, 'b')), want(wanted(8, 'a')))[1]).toMatchObject([{ do: 'fault', fault: 'contradiction' }]);
  });

  it('does not send what was refused again, but does send what comes after', () => {
    const effects = run(
      hello(),
      want(wanted(1, 'a')),
      received(1, 'REFUSED'),
      want(wanted(1, 'a')),
      want(wanted(2, 'b')),
    );
    expect(effects.map(({ length }) => length)).toEqual([0, 1, 0, 0, 1]);
  });

  it('pushes nothing of a database that went back, however far its sequence grows, until the epoch is raised', () => {
    const effects = run(
      hello(held(8, 'a')),
      want(wanted(7, 'b')),
      want(wanted(8, 'c')),
      want(wanted(9, 'd')),
      want(wanted(10, 'd', 2)),
    );
    expect(effects.map((some) => some.map((effect) => effect.do))).toEqual([[], ['fault'], [], [], ['send']]);
  });

  it('pushes nothing after a contradiction until the epoch is raised', () => {
    const effects = run(hello(held(8, 'a')), want(wanted(8, 'b')), want(wanted(9, 'c')), want(wanted(9, 'c', 2)));
    expect(effects.map((some) => some.map((effect) => effect.do))).toEqual([[], ['fault'], [], ['send']]);
  });

  it('gives up a position that keeps asking for the whole tree', () => {
    const need = received(1, 'NEED_FULL');
    const effects = run(hello(held(0, 'z')), want(wanted(1, 'a')), need, need, need, need, need);
    expect(effects.map(({ length }) => length)).toEqual([0, 1, 1, 1, 1, 0, 0]);
    expect(effects[1]).toMatchObject([{ from: root('z') }]);
    expect(effects[2]).toMatchObject([{ from: EMPTY_ROOT }]);
  });

  it('ignores an answer to something that is not under way', () => {
    expect(run(hello(), want(wanted(2, 'b')), received(1, 'ACCEPTED'), want(wanted(3, 'c')))[3]).toEqual([]);
  });

  it('moves nothing when the agent holds the root already, and sends bodies to one that lost them', () => {
    expect(run(hello(held(8, 'a')), want(wanted(8, 'a')))[1]).toEqual([]);
    expect(run(hello({ ...held(8, 'a'), have: undefined }), want(wanted(8, 'a')))[1]).toMatchObject([
      { do: 'send', from: EMPTY_ROOT },
    ]);
  });

  it('has one delta under way, and then sends the newest position only', () => {
    const effects = run(
      hello(),
      want(wanted(1, 'a')),
      want(wanted(2, 'b')),
      want(wanted(3, 'c')),
      received(1, 'ACCEPTED'),
    );
    expect(effects.slice(2, 4)).toEqual([[], []]);
    expect(effects[4]).toMatchObject([{ wanted: wanted(3, 'c'), from: root('a') }]);
  });

  it('ends where the database is, whatever the order of news, as long as the agent answers', () => {
    const news = fc.array(fc.record({ epoch: fc.integer({ min: 1, max: 2 }), seq: fc.integer({ min: 1, max: 9 }) }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(news, (pairs) => {
        let state = EMPTY_SYNC;
        let agent = { epoch: 0, seq: 0 };
        const flying: Wanted[] = [];
        const feed = (event: LineEvent): void => {
          const result = step(state, event);
          state = result.state;
          for (const effect of result.effects) if (effect.do === 'send') flying.push(effect.wanted);
        };
        for (const { epoch, seq } of pairs) feed(want(wanted(seq, 'a', epoch)));
        for (let next = flying.shift(); next !== undefined; next = flying.shift()) {
          const { epoch, seq } = next.statement;
          expect(epoch > agent.epoch || (epoch === agent.epoch && seq > agent.seq)).toBe(true);
          agent = { epoch, seq };
          feed({
            event: 'received',
            message: { type: 'received', gns: 'g', line: 'policy', epoch, seq, root: root('a'), outcome: 'ACCEPTED' },
          });
        }
        const [highest] = [...pairs].sort((a, b) => b.epoch - a.epoch || b.seq - a.seq);
        expect(agent).toEqual(highest);
      }),
    );
  });
});
