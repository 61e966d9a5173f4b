import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EditOutcome } from '../editor.js';
import { editText } from '../editor.js';
import type { CliEnv } from '../env.js';
import type { Terminal } from '../terminal.js';
import { isthmus } from '../terminal.fixture.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';

const EXAMPLE = fileURLToPath(new URL('../../../../examples/bookinfo', import.meta.url));

const SPENT = `apiVersion: isthmus.dev/v1alpha1
kind: SloPolicy
metadata: { name: spent }
spec:
  targets: [{ globalNamespace: bookinfo }]
  indicator: { type: AVAILABILITY }
  objective: '0.9'
  timeWindow: { duration: 28d, isRolling: true }
`;

postgres.suite('looking at resources and editing them', () => {
  let api: TestApi;
  let root: string;
  let env: CliEnv;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'isthmus-reading-'));
    api = await startTestApi();
    const server = { server: api.url, token: api.token };
    env = { configFile: join(root, 'config'), noColour: true, forceColour: false, editor: 'vi', ...server };
    expect((await run(`apply -f ${EXAMPLE}`)).code).toBe(0);
  });
  afterAll(async () => {
    await api.close();
    rmSync(root, { recursive: true, force: true });
  });
  const run = (args: string, given: Partial<Terminal> = {}) => isthmus(args, { env, ...given });

  it.each([
    ['provider!=aws', ['onprem']],
    ['provider=aws,site!=us-east-1', ['west']],
    ['provider', ['east', 'onprem', 'west']],
    ['!provider', []],
    ['site=us-east-1,site=us-west-2', []],
  ])('chooses clusters by %s', async (selector, names) => {
    const { code, out } = await run(`get clusters -o name -l ${selector}`);
    expect([code, out]).toEqual([0, names.map((name) => `cluster/${name}\n`).join('')]);
  });

  it('shows global services as such, and refuses what they do not have', async () => {
    expect(await run('get services')).toMatchObject({ code: 0, out: '', err: 'no global services found\n' });
    expect((await run('get services -o json')).out).toBe('[]\n');
    expect((await run('get svc reviews')).err).toContain('ISM0615');
    expect((await run('get services -w')).code).toBe(64);
  });

  it('shows how objectives stand, the least error budget first, and refuses what they do not have', async () => {
    expect(await run('get sloreports')).toMatchObject({
      code: 0,
      out: '',
      err: 'no objective has been evaluated yet\n',
    });
    expect((await run('get sloreports -o json')).out).toBe('[]\n');
    expect((await run('get sloreports bookinfo-availability')).err).toContain('ISM0615');
    expect((await run('get slo-reports -l a=b')).code).toBe(64);
    writeFileSync(join(root, 'spent.yaml'), SPENT);
    expect((await run(`apply -f ${join(root, 'spent.yaml')}`)).code).toBe(0);
    await api.evaluated('bookinfo-availability', 'bookinfo', 0.5);
    await api.evaluated('spent', 'bookinfo', -1);
    const { out } = await run('get sloreports -o wide');
    expect(out.split('\n').map((line) => line.split(/ {2,}/).slice(0, 6))).toEqual([
      ['POLICY', 'GNS', 'STATUS', 'OBJECTIVE', 'ATTAINMENT', 'BUDGET LEFT'],
      ['spent', 'bookinfo', 'MET', '90.0000%', '-', '-100.0%'],
      ['bookinfo-availability', 'bookinfo', 'MET', '90.0000%', '-', '50.0%'],
      [''],
    ]);
    expect((await run('get sloreports bookinfo-availability -o name')).out).toBe('slopolicy/bookinfo-availability\n');
    expect((await run('get sloreports spent -p other')).code).toBe(1);
    expect((await run('get sloreports -p default -o yaml')).out).toContain('errorBudgetRemaining: 0.5');
    expect((await run('delete slo spent --yes')).code).toBe(0);
  });

  describe('edit', () => {
    const saving = (change: (text: string) => string, discard = (): Promise<void> => Promise.resolve()) => ({
      edit: (text: string): Promise<EditOutcome> =>
        Promise.resolve({ ok: true, text: change(text), file: '/tmp/edited.yaml', discard }),
    });

    it('sends nothing when the editor fails, nothing was written, or nothing changed', async () => {
      const failed = await run('edit ep bookinfo-strict');
      expect([failed.code, failed.err]).toEqual([1, expect.stringContaining('ISM0660') as string]);
      for (const change of [(text: string) => text, () => ' \n']) {
        expect(await run('edit ep bookinfo-strict', saving(change))).toMatchObject({
          code: 0,
          out: '',
          err: 'nothing was changed\n',
        });
      }
    });

    it('keeps what could not be applied: faults, another name, a second document', async () => {
      for (const [change, code] of [
        [(text: string) => text.replace('STRICT', 'STRICKT'), 'ISM0008'],
        [(text: string) => text.replace('bookinfo-strict', 'other'), 'ISM0661'],
        [(text: string) => `${text}---\n${text.replace('bookinfo-strict', 'other')}`, 'ISM0661'],
      ] as const) {
        const outcome = await run('edit ep bookinfo-strict', saving(change));
        expect([outcome.code, outcome.out]).toEqual([1, '']);
        expect(outcome.err).toContain('/tmp/edited.yaml');
        expect(outcome.err).toContain(code);
        expect(outcome.err).toContain('what you wrote is kept in /tmp/edited.yaml');
      }
    });

    it('does not overwrite what somebody else changed meanwhile', async () => {
      const { code, err } = await run('edit ep bookinfo-strict', {
        edit: async (text) => {
          await run(
            'edit ep bookinfo-strict',
            saving((other) => other.replace('STRICT', 'PERMISSIVE')),
          );
          return {
            ok: true,
            text: text.replace('STRICT', 'DISABLE'),
            file: 'f.yaml',
            discard: () => Promise.resolve(),
          };
        },
      });
      expect([code, err]).toEqual([1, expect.stringContaining('ISM0501') as string]);
    });

    it('applies what was saved and removes the file', async () => {
      let discarded = 0;
      const discard = (): Promise<void> => Promise.resolve(void (discarded += 1));
      const change = (text: string): string => text.replace('PERMISSIVE', 'STRICT');
      const outcome = await run('edit ep bookinfo-strict', saving(change, discard));
      expect([outcome.code, outcome.out, discarded]).toEqual([
        ...[0, 'encryptionpolicy/default/bookinfo-strict updated\n', 1],
      ]);
    });

    it('opens no editor that was not named where there is no terminal', async () => {
      const edited = await editText({ command: undefined, isTty: false }, 'a\n', 'x.yaml');
      expect(edited).toEqual({
        ok: false,
        message: expect.stringContaining('no terminal for vi: name an editor in $EDITOR'),
      });
    });

    it('runs the command of the editor with its arguments', async () => {
      const edited = await editText({ command: 'sed -i s/a/b/', isTty: false }, 'a\n', 'x.yaml');
      if (!edited.ok) throw new Error(edited.message);
      expect(edited.text).toBe('b\n');
      await edited.discard();
      expect(await editText({ command: 'false', isTty: true }, 'a\n', 'x.yaml')).toEqual({
        ok: false,
        message: 'the editor false ended with code 1',
      });
    });
  });

  describe('watch', () => {
    const ticking = (ticks: (() => unknown)[]) => {
      const abort = new AbortController();
      const sleep = async (): Promise<void> => {
        const next = ticks.shift();
        if (next === undefined) return abort.abort();
        await next();
      };
      return { signal: abort.signal, sleep };
    };

    it('shows what changes and names what is deleted', async () => {
      const { code, out, err } = await run(
        'get slo -w',
        ticking([() => run('delete slo bookinfo-availability --yes')]),
      );
      expect([code, out.split('\n').length]).toEqual([0, 3]);
      expect(err).toBe('slopolicy/bookinfo-availability deleted\n');
    });

    it('goes on while the server is away, and tells it once', async () => {
      const away = () => vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
      const ticks = [away, () => undefined, () => vi.unstubAllGlobals()];
      const { code, err } = await run('status -w', ticking(ticks));
      expect([code, err]).toEqual([0, expect.stringMatching(/^ISM0610 [^\n]*\nthe server answers again\n$/) as string]);
    });

    it('ends when the token does not count any more', async () => {
      const refuse = () =>
        Promise.resolve(Response.json({ errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] }));
      const ended = await run('get clusters -w', ticking([() => vi.stubGlobal('fetch', refuse)]));
      vi.unstubAllGlobals();
      expect([ended.code, ended.err]).toEqual([1, expect.stringContaining('ISM0616') as string]);
    });
  });

  it('waits until something is deleted', async () => {
    let time = Date.UTC(2026, 0, 1);
    const now = () => new Date((time += 600));
    const late = await run('wait ep bookinfo-strict --for=delete --timeout 2s', { now });
    expect([late.code, late.err]).toEqual([1, expect.stringContaining('it is still there') as string]);
    await run('delete ep bookinfo-strict --yes');
    expect((await run('wait ep bookinfo-strict --for=delete --timeout 2s', { now })).out).toBe(
      'encryptionpolicy/bookinfo-strict is deleted\n',
    );
  });
});
