import { createStore, LOCAL_PROVIDER, type Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCredential } from '@isthmus/platform';
import { parseArguments } from './arguments.js';
import { ran } from './terminal.fixture.js';

const postgres = await testPostgres();

describe('the arguments of break-glass', () => {
  it.each([
    [['break-glass'], 'set, list, close'],
    [['break-glass', 'open'], 'set, list, close'],
    [['break-glass', 'set', 'ada'], 'set, list, close'],
    [['break-glass', 'set', '--days', '0'], '1 to 366'],
    [['break-glass', 'set', '--days', '367'], '1 to 366'],
    [['break-glass', 'set', '--days', '1.5'], '1 to 366'],
    [['break-glass', 'set', '--account', 'Ada!'], '--account'],
    [['break-glass', 'set', '--yes'], 'takes no --yes'],
  ])('refuse %j', (argv, said) => {
    expect(parseArguments(argv)).toMatchObject({ kind: 'usage', faults: [expect.stringContaining(said) as string] });
  });

  it.each(['1', '366'])('take %s days', (days) => {
    expect(parseArguments(['break-glass', 'set', '--days', days]).kind).toBe('command');
  });
});

postgres.suite('break-glass', () => {
  let url = '';
  let store: Store;
  beforeAll(async () => {
    const fresh = await postgres.freshStore({ orgs: ['default', 'other'] });
    ({ url } = fresh);
    await fresh.store.close();
    store = createStore({ connectionString: url });
  });
  afterAll(() => store.close());

  const admins = (org = 'default') => store.withTenant(org, (tx) => tx.localAdmins.list());
  const check = async (password: string) => {
    const [admin] = await admins();
    return admin && checkCredential(admin.name, { password, code: '', now: new Date() }, admin);
  };

  it('refuses an organization that is not there, a short password, and closing what is not open', async () => {
    expect(await ran(['break-glass', 'set', '--organization', 'none'], url)).toMatchObject({ code: 64 });
    const short = await ran(['break-glass', 'set', '--password-stdin'], url, {
      stdin: Buffer.from('fourteen chars\n'),
    });
    expect(short).toMatchObject({ code: 64, err: expect.stringContaining('15 characters') as string });
    expect(await ran(['break-glass', 'close'], url)).toMatchObject({ code: 1 });
    expect((await ran(['break-glass', 'list'], url)).err).toBe('the local door is closed');
    expect(await admins()).toEqual([]);
  });

  it('makes a password, shows it this once, and stores none', async () => {
    const { code, out } = await ran(['break-glass', 'set', '--codes', '--days', '30'], url);
    const shown = JSON.parse(out.toString()) as { password: string; codes: string; expiresAt: string };
    expect(code).toBe(0);
    expect(shown.codes).toMatch(/^otpauth:\/\/totp\/Isthmus:break-glass\?/);
    expect(Date.parse(shown.expiresAt) - Date.now()).toBeGreaterThan(29 * 86_400_000);
    const secret = new URL(shown.codes).searchParams.get('secret') ?? '';
    const kept = JSON.stringify([
      await admins(),
      await store.withTenant('default', (tx) => tx.audit.list({}, { first: 50 })),
    ]);
    for (const one of [shown.password, secret]) expect(kept).not.toContain(one);
    expect((await ran(['break-glass', 'list'], url)).out.toString()).toMatch(/^\{"name":"break-glass","codes":true,/);
    expect(await admins('other')).toEqual([]);
  });

  it('gives another password: sessions and tokens of the old one end, a lock goes, and the audit log says so', async () => {
    const identity = { provider: LOCAL_PROVIDER, issuer: LOCAL_PROVIDER, subject: 'break-glass' };
    const account = await store.withTenant('default', async (tx) => {
      const made = await tx.accounts.signIn(identity, { name: 'break-glass', email: undefined, groups: [] });
      const rest = { kind: 'CLI' as const, account: made.id, grant: undefined, device: 'd', ip: 'i', idleMs: 1e6 };
      await tx.userSessions.create({ ...rest, hash: 'h', expiresAt: new Date(Date.now() + 1e6) });
      const whose = { ownerKind: 'USER' as const, owner: made.id, createdBy: 'user:spec' };
      await tx.tokens.create({ prefix: 'p', hash: 'h', name: 'n', role: 'Owner', ...whose });
      await tx.accounts.disable(made.id, 'user:eve');
      await tx.localAdmins.failed('192.0.2.1', {
        limit: 1,
        windowMs: 1e6,
        firstMs: 1e6,
        longestMs: 1e6,
        forgetMs: 1e7,
      });
      return made.id;
    });
    const stdin = Buffer.from('a password of one’s own\nand more');
    const { code, out } = await ran(['break-glass', 'set', '--password-stdin'], url, { stdin });
    expect(code).toBe(0);
    expect(out.toString()).not.toContain('one’s own');
    expect(await check('a password of one’s own')).toEqual({ ok: true, step: undefined });
    await store.withTenant('default', async (tx) => {
      expect(await tx.userSessions.live(account)).toEqual([]);
      expect((await tx.tokens.list()).every(({ revokedAt }) => revokedAt !== undefined)).toBe(true);
      expect((await tx.accounts.get(account))?.disabledAt).toBeUndefined();
      expect(await tx.localAdmins.lockedUntil('192.0.2.1')).toBeUndefined();
      const { items } = await tx.audit.list({ action: 'openBreakGlass' }, { first: 1 });
      expect(items[0]?.record).toMatchObject({
        actor: 'system:admin',
        after: { codes: false, sessions: [expect.anything()] },
      });
    });
  });

  it('closes the door', async () => {
    expect(await ran(['break-glass', 'close'], url)).toMatchObject({ code: 0 });
    expect(await admins()).toEqual([]);
    const { items } = await store.withTenant('default', (tx) =>
      tx.audit.list({ action: 'closeBreakGlass' }, { first: 5 }),
    );
    expect(items).toHaveLength(1);
  });
});
