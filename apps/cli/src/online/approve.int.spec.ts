import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Terminal } from '../terminal.js';
import { isthmus } from '../terminal.fixture.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';

const EXAMPLE = fileURLToPath(new URL('../../../../examples/bookinfo', import.meta.url));
const set = (letter: string, items: readonly string[], count = items.length) => ({
  setHash: letter.repeat(64),
  items,
  count,
});

postgres.suite('held deletions on the command line', () => {
  let api: TestApi;
  let root: string;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'isthmus-approve-'));
    api = await startTestApi();
    await run(`apply -f ${EXAMPLE}`);
  });
  afterAll(async () => {
    await api.close();
    rmSync(root, { recursive: true, force: true });
  });
  const run = (args: string, given: Partial<Terminal> = {}, token = api.token) => {
    const env = {
      configFile: join(root, 'none'),
      noColour: true,
      forceColour: false,
      editor: 'vi',
      server: api.url,
      token,
    };
    return isthmus(args, { env, ...given });
  };
  const ids = async (): Promise<string[]> =>
    (await run('get holds -o name')).out
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [line.slice('hold/'.length)]));

  it('are none in the beginning, and there is nothing to approve', async () => {
    expect(await run('get holds')).toEqual({ code: 0, out: '', err: 'no deletions are held\n' });
    expect(await run('approve --all --yes')).toEqual({ code: 0, out: '', err: 'nothing waits for approval\n' });
    expect(JSON.parse((await run('get holds -o json')).out)).toEqual([]);
  });

  it('are not approved by wrong usage, or where nobody can be asked', async () => {
    await api.holdPrune('east', 'bookinfo', set('a', ['x', 'y'], 300));
    const [id = ''] = await ids();
    for (const args of ['approve', `approve ${id} --all --yes`, 'approve --all', 'get holds -o yaml', 'get holds -w'])
      expect((await run(args)).code, args).toBe(64);
    expect((await run('approve --all')).err).toContain('--yes');
  });

  it('are not approved under an unknown id, by a token that may not, or by a person who says no', async () => {
    const [id = ''] = await ids();
    for (const args of ['approve nothing --yes', `approve ${id} nothing --yes`, 'describe hold nothing']) {
      const { code, err } = await run(args);
      expect([code, err], args).toEqual([1, expect.stringContaining('ISM0656') as string]);
    }
    const refused = await run(`approve ${id} --yes`, {}, api.viewerToken);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('ISM0616') as string]);
    const asked: string[] = [];
    const confirm = (question: string) => Promise.resolve(asked.push(question) < 0);
    expect((await run(`approve ${id}`, { confirm })).err).toContain('nothing was approved');
    expect(asked).toEqual(['Let these 300 deletions happen?']);
    expect((await run('get holds')).out).toMatch(/PRUNE +east +bookinfo +300 +\d+[smhd] +no/);
  });

  it('are shown exactly, and what an agent does not list is said', async () => {
    const [id = ''] = await ids();
    const { out } = await run(`describe hold ${id}`);
    expect(out).toContain('PRUNE: 300 in cluster east, global namespace bookinfo');
    expect(out).toContain('  x\n  y\n  … and 298 more, which the agent does not list\n');
    expect(out).toContain(`isthmus approve ${id}`);
  });

  it('stand in status, and wait says once what it waits for', async () => {
    await api.holdDrain('bookinfo', set('d', ['host/a/member/east/shop/a'], 60));
    const { out } = await run('status');
    expect(out).toContain('bookinfo: removal of 300 objects in east, 60 members waits for approval: isthmus approve');
    let time = Date.UTC(2026, 0, 1);
    const now = () => new Date((time += 600));
    const { code, err } = await run('wait gns bookinfo --for=condition=Applied --timeout 3s', { now });
    expect([code, err.match(/waiting for a person: 60 members/g)]).toEqual([1, ['waiting for a person: 60 members']]);
    const id = /DRAIN.*?(\S+)\n/.exec((await run('get holds')).out)?.[1] ?? '';
    expect((await run(`approve ${id} --yes`)).out).toBe(`hold/${id} approved\n`);
  });

  it('that changed while a person looked at them stay held', async () => {
    const [id = ''] = await ids();
    const confirm = async () => {
      await api.holdPrune('east', 'bookinfo', set('b', ['x', 'y', 'z']));
      return true;
    };
    const { code, out, err } = await run(`approve ${id}`, { confirm });
    expect([code, out, err]).toEqual([1, '', expect.stringContaining('ISM0657') as string]);
  });

  it('are approved together, once, and twice does no harm', async () => {
    await api.holdPrune('west', 'bookinfo', set('c', ['v']));
    const other = await run('approve --global-namespace nothing --yes');
    expect(other).toEqual({ code: 0, out: '', err: 'nothing waits for approval\n' });
    expect((await run('approve --cluster west --yes')).out.split('\n')).toHaveLength(2);
    const { code, out, err } = await run('approve --global-namespace default/bookinfo', {
      confirm: () => Promise.resolve(true),
    });
    expect([code, out.split('\n').length]).toEqual([0, 2]);
    expect(err).toMatch(/was approved by token:[^]* {2}x\n {2}y\n {2}z\n/);
    const again = await run('approve --all -o json --yes');
    expect([again.code, JSON.parse(again.out)]).toMatchObject([0, { approved: [], already: [{}, {}, {}] }]);
    expect((await run('get holds')).out).toMatch(/by token:/);
  });
});
