import { describe, expect, it } from 'vitest';
import { byHash } from './by-hash.js';

const IDS = { Home: 'sha256:1' };
const body = (operationName: string): string =>
  JSON.stringify({ operationName, query: `query ${operationName} { a }`, variables: { b: 1 } });

function recorder(...answers: Response[]) {
  const sent: unknown[] = [];
  const fetcher = ((_address: unknown, init?: RequestInit) => {
    sent.push(JSON.parse(init?.body as string));
    return Promise.resolve(answers.shift() ?? new Response('{}'));
  }) as typeof fetch;
  return { sent, send: byHash(fetcher, IDS) };
}

describe('documents by hash', () => {
  it('are named instead of sent', async () => {
    const { sent, send } = recorder();
    await send('/graphql', { body: body('Home') });
    expect(sent).toEqual([{ operationName: 'Home', variables: { b: 1 }, documentId: 'sha256:1' }]);
  });

  it('are sent where the build does not know them', async () => {
    const { sent, send } = recorder();
    await send('/graphql', { body: body('Other') });
    expect(sent).toEqual([JSON.parse(body('Other'))]);
  });

  it('are sent to a server of another release that does not know the hash', async () => {
    const unknown = { errors: [{ message: 'This server has no document "sha256:1"' }] };
    const { sent, send } = recorder(new Response(JSON.stringify(unknown), { status: 400 }));
    await send('/graphql', { body: body('Home') });
    expect(sent[1]).toEqual(JSON.parse(body('Home')));
  });

  it('are not sent again after any other refusal: a change might be made twice', async () => {
    const { sent, send } = recorder(new Response('{"errors":[]}', { status: 400 }));
    expect((await send('/graphql', { body: body('Home') })).status).toBe(400);
    expect(sent).toHaveLength(1);
  });
});
