import { describe, expect, it } from 'vitest';
import { ChangeLog, delaysOf } from './convergence-changes.js';
import { markersIn, shownMarker } from './convergence-watch.js';

describe('changes on their way', () => {
  it('do not count what was shown before they were sent', () => {
    const log = new ChangeLog();
    log.show('east', 3, 1);
    const change = log.send(3);
    expect(change.visible.size).toBe(0);
    expect(log.isComplete(1)).toBe(false);
  });

  it('have not arrived by a marker of nobody, nor by that of an earlier one', () => {
    const log = new ChangeLog();
    const [first, second] = [log.send(3), log.send(5)];
    log.show('east', 4, 1);
    expect(first.visible.size).toBe(0);
    log.show('east', 3, 2);
    expect([first.visible.size, second.visible.size]).toEqual([1, 0]);
  });

  it('are complete once every cluster has shown each of them', () => {
    const log = new ChangeLog();
    log.send(3);
    log.show('east', 3, 5);
    expect(log.isComplete(2)).toBe(false);
    log.show('west', 3, 7);
    expect(log.isComplete(2)).toBe(true);
  });

  it('count as arrived when a later one is shown, and as overtaken there', () => {
    const log = new ChangeLog();
    const changes = [log.send(3), log.send(5), log.send(7), log.send(9)];
    log.show('east', 3, 6);
    log.show('east', 9, 9);
    expect(changes.map(({ visible }) => visible.get('east'))).toEqual([6, 9, 9, 9]);
    expect(log.overtaken(['east', 'west'])).toEqual([2, 4]);
  });

  it('keep the first sight when the same one is shown again', () => {
    const log = new ChangeLog();
    const change = log.send(3);
    log.show('east', 3, 5);
    log.show('east', 3, 6);
    expect(change.visible.get('east')).toBe(5);
    expect(log.overtaken(['east'])).toEqual([0]);
  });

  it('take from their return to the sight in each cluster, sorted and never less than nothing', () => {
    const visible = new Map([
      ['east', 130],
      ['west', 120],
      ['onprem', 99],
    ]);
    expect(delaysOf({ marker: 3, sent: 90, returned: 100, visible })).toEqual([0, 20, 30]);
  });
});

describe('the marker of a change', () => {
  it('is none while some of what is rendered shows another, or nothing shows one', () => {
    expect(shownMarker(['timeout: 100003ms', 'timeout: 100005ms'])).toBeUndefined();
    expect(shownMarker(['hosts: [a]', ''])).toBeUndefined();
  });

  it('is what all texts with any show, in YAML and in JSON', () => {
    expect(shownMarker(['      timeout: 100003ms\n', 'kind: Other', '{"timeout":"100003ms"}'])).toBe(100_003);
  });

  it('is the timeout of requests and no other one', () => {
    expect(markersIn('{"perTryTimeout":"5ms","connectTimeout":"7ms","timeout":"9ms"}')).toEqual([9]);
  });
});
