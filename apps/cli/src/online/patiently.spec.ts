import { issue } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { done, failed, type Outcome } from '../outcome.js';
import { fakeTerminal } from '../terminal.fixture.js';
import { patiently } from './session.js';

const away: Outcome<string> = failed(issue('ISM0610', { message: 'http://x: ECONNREFUSED' }));
const refused: Outcome<string> = failed(issue('ISM0616', { message: 'not you' }));

/** What is read one after the other of these answers, and what is told. */
async function readAll(...answers: Outcome<string>[]) {
  const { terminal, written } = fakeTerminal();
  const left = [...answers];
  const read = patiently(terminal, () => Promise.resolve(left.shift() ?? refused));
  const seen: (Outcome<string> | undefined)[] = [];
  for (const _ of answers) seen.push(await read());
  return { seen, err: written.err };
}

describe('waiting for what a server will say', () => {
  it('ends at once where it never answered', async () => {
    expect(await readAll(away)).toEqual({ seen: [away], err: '' });
  });

  it('goes on while one is replaced that has answered, which is told once', async () => {
    const { seen, err } = await readAll(done('a'), away, away, done('b'), away);
    expect(seen).toEqual([done('a'), undefined, undefined, done('b'), undefined]);
    const lost = 'ISM0610 ERROR http://x: ECONNREFUSED\n';
    expect(err).toBe(`${lost}the server answers again\n${lost}`);
  });

  it('ends with every other refusal', async () => {
    expect((await readAll(refused, away, refused)).seen).toEqual([refused, undefined, refused]);
  });
});
