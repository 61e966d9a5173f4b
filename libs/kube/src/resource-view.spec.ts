import type { KubeObject } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { ResourceView } from './resource-view.js';

function object(name: string, version: string, more: { uid?: string; text?: string } = {}): KubeObject {
  const { uid = `uid-${name}`, text = '' } = more;
  return { apiVersion: 'v1', kind: 'X', metadata: { name, namespace: 'n', uid, resourceVersion: version }, text };
}

function view(changes: string[] = []): ResourceView<string> {
  return new ResourceView({ strip: ({ text }) => text as string, changed: (_, name) => changes.push(name) });
}

describe('a view', () => {
  it('forgets nothing while a list is unfinished, and what the list lacked when it is finished', () => {
    const seen = view();
    seen.begin();
    seen.upsert(object('a', '1'));
    seen.upsert(object('b', '2'));
    seen.finish();
    seen.begin();
    seen.upsert(object('a', '1'));
    expect(seen.names('n')).toEqual(['a', 'b']);
    seen.begin();
    seen.upsert(object('b', '2'));
    seen.finish();
    expect(seen.names('n')).toEqual(['b']);
    expect(seen.size).toBe(1);
  });

  it('keeps the newer state when an older event comes late, whatever the number of digits', () => {
    const seen = view();
    seen.upsert(object('a', '100', { text: 'new' }));
    seen.upsert(object('a', '99', { text: 'old' }));
    expect(seen.get('n', 'a')?.value).toBe('new');
    seen.upsert(object('a', '101', { text: 'newer' }));
    expect(seen.get('n', 'a')?.value).toBe('newer');
  });

  it('does not let events of the past bring back what was deleted here, nor a late delete take a successor', () => {
    const seen = view();
    seen.upsert(object('a', '1'));
    seen.noteDeleted({ namespace: 'n', name: 'a' }, 'uid-a');
    seen.upsert(object('a', '1'));
    expect(seen.get('n', 'a')).toBeUndefined();
    seen.upsert(object('a', '3', { uid: 'successor' }));
    seen.remove(object('a', '2'));
    expect(seen.get('n', 'a')?.uid).toBe('successor');
  });

  it('takes what was written here as known: an event that shows just that is no news, and one that shows more is', () => {
    const changes: string[] = [];
    const seen = view(changes);
    seen.noteWritten({ namespace: 'n', name: 'a' }, { uid: 'uid-a', resourceVersion: '5', value: 'x' });
    expect(seen.get('n', 'a')?.value).toBe('x');
    expect(seen.size).toBe(1);
    seen.upsert(object('a', '4', { text: 'before' }));
    seen.upsert(object('a', '5', { text: 'x' }));
    expect(changes).toEqual([]);
    seen.upsert(object('a', '6', { text: 'edited' }));
    expect(changes).toEqual(['a']);
    seen.noteWritten({ namespace: 'n', name: 'a' }, { uid: 'uid-a', resourceVersion: '5', value: 'x' });
    expect(seen.get('n', 'a')?.value).toBe('edited');
    seen.noteDeleted({ namespace: 'n', name: 'a' }, 'uid-a');
    expect(changes).toEqual(['a']);
    expect(seen.size).toBe(0);
  });

  it('says when what the server keeps is not what was written', () => {
    const changes: string[] = [];
    const seen = view(changes);
    seen.noteWritten({ namespace: 'n', name: 'a' }, { uid: 'uid-a', resourceVersion: '5', value: 'x' });
    seen.upsert(object('a', '5', { text: 'y' }));
    expect(changes).toEqual(['a']);
  });

  it('says nothing of changes that leave what it keeps as it was', () => {
    const changes: string[] = [];
    const seen = view(changes);
    seen.upsert(object('a', '1', { text: 'x' }));
    seen.upsert(object('a', '2', { text: 'x' }));
    expect(changes).toEqual(['a']);
    seen.upsert(object('a', '3', { text: 'y' }));
    seen.remove(object('a', '4'));
    expect(changes).toEqual(['a', 'a', 'a']);
  });
});
