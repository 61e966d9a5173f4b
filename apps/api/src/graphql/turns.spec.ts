import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Turns } from './turns.js';

const wanted = (): boolean => true;

interface Held {
  work: () => Promise<string>;
  end: (answer: string) => void;
  fail: (error: Error) => void;
}

function held(log: string[], name: string): Held {
  let end: (answer: string) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const answered = new Promise<string>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  const work = (): Promise<string> => {
    log.push(name);
    return answered;
  };
  return { work, end: (answer) => end(answer), fail: (error) => fail(error) };
}

describe('turns of work', () => {
  it('run nothing that is not wanted any more when its turn comes', async () => {
    const turns = new Turns({ atOnce: 1, longestMs: 60_000 });
    const log: string[] = [];
    const [first, second] = [held(log, 'first'), held(log, 'second')];
    let isWanted = true;
    const one = turns.run(first.work, wanted);
    const other = turns.run(second.work, () => isWanted);
    isWanted = false;
    first.end('done');
    expect(await one).toBe('done');
    expect(await other).toBeUndefined();
    expect(log).toEqual(['first']);
  });

  it('give the failure of the work to who asked, and the turn to the next', async () => {
    const turns = new Turns({ atOnce: 1, longestMs: 60_000 });
    const log: string[] = [];
    const [first, second] = [held(log, 'first'), held(log, 'second')];
    const one = turns.run(first.work, wanted);
    const other = turns.run(second.work, wanted);
    first.fail(new Error('no'));
    second.end('done');
    await expect(one).rejects.toThrow('no');
    expect(await other).toBe('done');
    const thrown = turns.run(() => {
      throw new Error('at once');
    }, wanted);
    await expect(thrown).rejects.toThrow('at once');
    expect(await turns.run(() => 'still', wanted)).toBe('still');
  });

  it('run as many side by side as they may, the others in the order in which they came', async () => {
    const turns = new Turns({ atOnce: 2, longestMs: 60_000 });
    const log: string[] = [];
    const all = ['a', 'b', 'c', 'd'].map((name) => ({ name, ...held(log, name) }));
    const answers = all.map(({ work }) => turns.run(work, wanted));
    await sleep(5);
    expect(log).toEqual(['a', 'b']);
    all[1]?.end('b');
    expect(await answers[1]).toBe('b');
    await sleep(5);
    expect(log).toEqual(['a', 'b', 'c']);
    for (const { name, end } of all) end(name);
    expect(await Promise.all(answers)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are given up by work that is slow, which runs on beside the others', async () => {
    const turns = new Turns({ atOnce: 1, longestMs: 20 });
    const log: string[] = [];
    const [slow, next] = [held(log, 'slow'), held(log, 'next')];
    const one = turns.run(slow.work, wanted);
    const other = turns.run(next.work, wanted);
    next.end('next');
    expect(await other).toBe('next');
    slow.end('slow');
    expect(await one).toBe('slow');
  });
});
