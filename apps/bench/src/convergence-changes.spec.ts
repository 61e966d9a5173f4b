import { describe, expect, it } from 'vitest';
import { ChangeLog, delaysOf } from './convergence-changes.js';
import { filesOfModes } from './convergence-watch.js';

describe('changes on their way', () => {
  it('do not count what was shown before they were sent', () => {
    const log = new ChangeLog();
    log.show('east', 'STRICT', 1);
    const change = log.send('STRICT');
    expect(change.visible.size).toBe(0);
    expect(log.isComplete(1)).toBe(false);
  });

  it('are complete once every cluster has shown each of them', () => {
    const log = new ChangeLog();
    log.send('STRICT');
    log.show('east', 'STRICT', 5);
    expect(log.isComplete(2)).toBe(false);
    log.show('west', 'STRICT', 7);
    expect(log.isComplete(2)).toBe(true);
  });

  it('count as arrived when a later one is shown', () => {
    const log = new ChangeLog();
    const [first, second] = [log.send('STRICT'), log.send('PERMISSIVE')];
    log.show('east', 'PERMISSIVE', 9);
    expect(first?.visible.get('east')).toBe(9);
    expect(second?.visible.get('east')).toBe(9);
  });

  it('keep the first sight when the same mode is shown again', () => {
    const log = new ChangeLog();
    const change = log.send('STRICT');
    log.show('east', 'STRICT', 5);
    log.show('east', 'STRICT', 6);
    expect(change.visible.get('east')).toBe(5);
  });

  it('take from their return to the sight in each cluster, sorted and never less than nothing', () => {
    const visible = new Map([
      ['east', 130],
      ['west', 120],
      ['onprem', 99],
    ]);
    expect(delaysOf({ mode: 'STRICT', sent: 90, returned: 100, visible })).toEqual([0, 20, 30]);
  });
});

describe('the files that tell modes apart', () => {
  it('are those whose texts differ; one that is missing in a mode differs', () => {
    const strict = new Map([
      ['same', 'a'],
      ['other', 'b'],
      ['only', 'c'],
    ]);
    const permissive = new Map([
      ['same', 'a'],
      ['other', 'x'],
    ]);
    const files = filesOfModes(
      new Map([
        ['STRICT', strict],
        ['PERMISSIVE', permissive],
      ]),
    );
    expect([...(files.get('STRICT') ?? [])]).toEqual([
      ['other', 'b'],
      ['only', 'c'],
    ]);
    expect([...(files.get('PERMISSIVE') ?? [])]).toEqual([
      ['other', 'x'],
      ['only', ''],
    ]);
  });
});
