import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { issue, type Issue, type IssueCode } from '@isthmus/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CliEnv } from '../env.js';
import { isthmus } from '../terminal.fixture.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';

const EXAMPLE = fileURLToPath(new URL('../../../../examples/bookinfo', import.meta.url));
const CLEAN = 'nothing stands in the way of global hosts\n';

const MINE = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: mine, namespace: shop}
spec:
  hosts: [reviews.bookinfo.global]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: mine, namespace: bookinfo}
spec:
  selector: {matchLabels: {app: reviews}}
  mtls: {mode: DISABLE}
`;

describe('lint of a bundle', () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'isthmus-lint-'));
    cpSync(EXAMPLE, join(root, 'bundle'), { recursive: true });
    writeFileSync(join(root, 'bundle/clusters/east/mine.yaml'), MINE);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('tells what stands in the way with the line of the object, and nothing else', async () => {
    const { code, out, err } = await isthmus(`lint -f ${root}/bundle`);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(`${root}/bundle/clusters/east/mine.yaml:5:11 ISM0803 WARNING [east] spec.hosts[0]:`);
    expect(err).toContain(`${root}/bundle/clusters/east/mine.yaml:12:16 ISM0810 ERROR [east] spec.mtls.mode:`);
    expect(err).toMatch(/\n1 error, 1 warning\n$/);
    expect(await isthmus(`lint -f ${root}/bundle --cluster west`)).toEqual({ code: 0, out: '', err: CLEAN });
  });

  it('is part of what validate tells', async () => {
    const { code, err } = await isthmus(`validate -f ${root}/bundle`);
    expect([code, err]).toEqual([1, expect.stringMatching(/ISM0803[^]*ISM0810/) as string]);
  });

  it('finds nothing in the example, and says what it cannot read', async () => {
    expect(await isthmus(`lint -f ${EXAMPLE}`)).toEqual({ code: 0, out: '', err: CLEAN });
    writeFileSync(join(root, 'bundle/broken.yaml'), 'a: [');
    expect((await isthmus(`lint -f ${root}/bundle`)).err).toContain('ISM0001');
  });
});

postgres.suite('lint of a server', () => {
  let root = '';
  let api: TestApi;
  let env: CliEnv;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'isthmus-lint-'));
    api = await startTestApi();
    const server = { server: api.url, token: api.token };
    env = { configFile: join(root, 'config'), noColour: true, forceColour: false, editor: 'vi', ...server };
    expect((await isthmus(`apply -f ${EXAMPLE}`, { env })).code).toBe(0);
  });
  afterAll(async () => {
    await api.close();
    rmSync(root, { recursive: true, force: true });
  });
  const found = (code: IssueCode, cluster: string, name: string): Issue =>
    issue(code, { message: `about ${name}`, cluster, resource: { kind: 'VirtualService', name } });

  it('is content while nothing was found', async () => {
    expect(await isthmus('lint', { env })).toEqual({ code: 0, out: '', err: CLEAN });
  });

  it('tells what was found in the meshes, page by page, and of one cluster alone', async () => {
    const many = Array.from({ length: 120 }, (_, index) => found('ISM0803', 'east', `shop/v${index}`));
    await api.compiled('bookinfo', [...many, found('ISM0810', 'west', 'shop/x'), found('ISM0220', 'west', 'shop/y')]);
    const all = await isthmus('lint', { env });
    expect([all.code, all.err]).toEqual([1, expect.stringMatching(/\n1 error, 120 warnings\n$/) as string]);
    expect(all.err).not.toContain('ISM0220');
    expect((await isthmus('lint --cluster east', { env })).code).toBe(0);
    expect((await isthmus('lint --cluster east --strict', { env })).code).toBe(1);
    const { out } = await isthmus('lint --cluster west -o json', { env });
    expect(JSON.parse(out)).toMatchObject({ issues: [{ code: 'ISM0810', cluster: 'west' }] });
  });
});
