import { afterAll, beforeAll, expect, it } from 'vitest';
import { isthmus } from '../terminal.fixture.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';

postgres.suite('tokens, service accounts and people on the command line', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());
  const run = (args: string, token = api.token) => {
    const shared = { configFile: '/nonexistent/isthmus/config', noColour: true, forceColour: false, editor: 'vi' };
    return isthmus(args, { env: { ...shared, server: api.url, token }, now: () => new Date() });
  };

  it('are refused where words contradict each other or are no number', async () => {
    for (const args of [
      'token create laptop',
      'token create laptop --role Viewer -n shop',
      'token create laptop --role Viewer --days soon',
      'token create laptop --role Viewer --days 1.5',
      'token list --all --service-account ci',
      'service-account create',
      'account lock',
    ])
      expect([args, (await run(args)).code]).toEqual([args, 64]);
  });

  it('are refused to those who hold too little, to tokens that want personal ones, and of accounts that are not there', async () => {
    expect((await run('service-account list', api.viewerToken)).err).toContain('tokens.manage');
    expect((await run('account list', api.viewerToken)).err).toContain('sessions.manage');
    expect((await run('token create laptop --role Viewer')).err).toContain('signed in');
    for (const args of [
      'service-account get nobody',
      'service-account disable nobody',
      'token create ci --role Viewer --service-account nobody',
      'account lock nobody',
    ])
      expect([args, await run(args)]).toMatchObject([
        args,
        { code: 1, err: expect.stringContaining('There is no') as string },
      ]);
  });

  it('make a service account that can do what is granted to it, until it is disabled', async () => {
    const made = await run('service-account create ci --description deploys');
    const id = made.out.trim();
    expect(made.err).toContain(`isthmus grant ROLE --service-account ${id}`);
    expect((await run('token create ci --role Viewer --service-account ci --days 367')).err).toMatch(/^ISM0999/m);
    const token = await run('token create of-ci --role Viewer --service-account ci --days 30');
    expect(token.out).toMatch(/^isth_[\w-]{43}\n$/);
    const secret = token.out.trim();
    expect((await run('whoami', secret)).code).toBe(1);
    await run(`grant Viewer --service-account ${id}`);
    expect((await run('whoami', secret)).out).toContain('Viewer on organization');
    expect((await run('service-account list')).out).toMatch(/^NAME .*\nci +enabled +1 +\d+s +deploys/);
    expect((await run('service-account get ci')).out).toMatch(
      /of-ci +isth_\S+… +VIEWER +organization +service account +token spec-admin +\d+s/,
    );
    expect((await run('service-account disable ci')).err).toBe('service account ci is disabled\n');
    expect((await run('whoami', secret)).code).toBe(1);
    await run('service-account enable ci');
    expect((await run('whoami', secret)).code).toBe(0);
    const { out } = await run('token list --service-account ci -o json');
    const [listed] = JSON.parse(out) as { id: string }[];
    expect(out).not.toContain(secret);
    expect((await run(`token revoke ${listed?.id ?? ''}`)).err).toBe('token of-ci is revoked\n');
    expect((await run('whoami', secret)).code).toBe(1);
    expect((await run('service-account delete ci')).err).toBe('service account ci is deleted\n');
    expect((await run('service-account list')).err).toBe('none found\n');
  });

  it('keep the last way in, and say how to get another', async () => {
    const { out } = await run('token list --all -o json');
    const all = JSON.parse(out) as { id: string; name: string }[];
    const admin = all.find(({ name }) => name === 'spec-admin')?.id ?? '';
    const { code, err } = await run(`token revoke ${admin}`);
    expect([code, err]).toEqual([1, expect.stringMatching(/^ISM0988 [^]*break-glass set/) as string]);
    expect((await run('whoami')).code).toBe(0);
    expect((await run('account list')).err).toBe('none found\n');
  });
});
