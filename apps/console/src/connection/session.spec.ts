import { describe, expect, it } from 'vitest';
import { createSession, draftKey } from './session.js';

function storeOf(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

describe('the session of a tab', () => {
  it('says why it ended, once, and forgets that when somebody signs in again', () => {
    const session = createSession(storeOf());
    let told = 0;
    session.subscribe(() => (told += 1));
    session.end('nobody is signed in');
    expect([session.reason(), told]).toEqual([undefined, 0]);
    session.signIn('isth_a');
    session.end('expired');
    session.end('again');
    expect([session.token(), session.reason(), told]).toEqual([undefined, 'expired', 2]);
    session.signIn('isth_b');
    expect([session.token(), session.reason()]).toEqual(['isth_b', undefined]);
  });

  it('stands by the browser’s session where no token is given, until that ends', () => {
    const session = createSession(storeOf(), true);
    expect(session.standing()).toBe('browser');
    session.signIn('isth_a');
    expect(session.standing()).toBe('token');
    session.end('expired');
    expect(session.standing()).toBe('out');
    session.enter();
    expect([session.standing(), session.reason()]).toEqual(['browser', undefined]);
    session.leave();
    expect([session.standing(), session.reason()]).toEqual(['out', undefined]);
  });

  it('knows whose it is, by token as by the browser’s session, and no longer than it lasts', () => {
    const store = storeOf();
    const session = createSession(store, true, 'user:ada');
    expect(session.person()).toBe('user:ada');
    session.signIn('isth_a', 'token:ci');
    expect([session.person(), createSession(store).person()]).toEqual(['token:ci', 'token:ci']);
    session.end('expired');
    expect([session.person(), createSession(store).person()]).toEqual(['', '']);
    session.enter('user:bob');
    expect(session.person()).toBe('user:bob');
  });

  it('keeps what one person writes at an address apart from what others do', () => {
    const keys = [draftKey('a', 'b c'), draftKey('a b', 'c'), draftKey('a', 'c'), draftKey('', 'c')];
    expect(new Set(keys).size).toBe(4);
  });

  it('tells nobody who has gone', () => {
    const session = createSession(storeOf());
    let told = 0;
    session.subscribe(() => (told += 1))();
    session.signIn('isth_a');
    expect(told).toBe(0);
  });
});
