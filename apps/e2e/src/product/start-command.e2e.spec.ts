import { execFile } from 'node:child_process';
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Product, ROOT, eventually } from './product.fixture.js';

let product: Product;

beforeAll(async () => {
  product = await Product.create();
});

afterAll(async () => {
  await product.remove();
});

const allRendered = (): Promise<true | undefined> =>
  Promise.all(['east', 'west', 'onprem'].map((cluster) => product.rendered(cluster))).then(
    ([east = '', west = '', onprem = '']) => {
      const crossing = [
        east.includes('details.bookinfo.global') && east.includes('203.0.113.20'),
        west.includes('ratings.bookinfo.global') && west.includes('203.0.113.30'),
        onprem.includes('productpage.bookinfo.global') && onprem.includes('203.0.113.10'),
      ];
      return crossing.every(Boolean) || undefined;
    },
  );

describe('npm start, as a user runs it', () => {
  it('refuses a busy port and names the flag that changes it', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(product.ports.gateway, '127.0.0.1', resolve));
    product.launch();
    expect(await product.exited()).toBe(1);
    await new Promise((resolve) => server.close(resolve));
    expect(product.output).toContain(`port ${product.ports.gateway} for the agent gateway is in use`);
    expect(product.output).toContain('--gateway-port N');
  });

  it('brings three clusters to working configuration in which calls cross clusters', async () => {
    await product.start();
    await eventually('configuration in every cluster', allRendered).catch(async (error: unknown) => {
      throw new Error(`${String(error)}\n${product.output}\n${await product.logs()}`);
    });
    expect(await product.rendered('east')).toContain('mode: STRICT');
  });

  it('shows every cluster in its table and claims no health', async () => {
    await eventually('the table', () => {
      const table = ['east', 'west', 'onprem'].map(
        (name) => new RegExp(`${name} +istio 1.30 +bookinfo +(\\d+) +\\1 +\\d+ objects`),
      );
      return Promise.resolve(table.every((row) => row.test(product.output)) || undefined);
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${product.output}`);
    });
    expect(product.output).not.toMatch(/healthy/i);
    expect(product.output).toContain(`http://127.0.0.1:${product.ports.api}/graphiql`);
  });

  it('keeps the admin token in a file that only its owner can read, and never prints it', async () => {
    const { mode } = await stat(join(product.dataDir, 'admin-token'));
    expect(mode & 0o777).toBe(0o600);
    const token = await product.adminToken();
    expect(product.output).not.toContain(token);
    expect(await product.logs()).not.toContain(token);
  });

  it('prints how the operator’s commands reach its database, and keeps the password of that in a file of the owner', async () => {
    const file = join(product.dataDir, 'database-url');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const { password } = new URL((await readFile(file, 'utf8')).trim());
    expect(password.length).toBeGreaterThan(16);
    expect(product.output).not.toContain(password);
    const command = /^Operator +(.+)$/m.exec(product.output)?.[1] ?? '';
    const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd: ROOT });
    expect(JSON.parse(stdout)).toMatchObject({ epoch: expect.any(Number) });
  });

  it('prints a link that signs in to the console once', async () => {
    const link = /^ +sign in +(http:\S+)$/m.exec(product.output)?.[1] ?? '';
    const first = await fetch(link, { redirect: 'manual' });
    expect([first.status, first.headers.get('location')]).toEqual([303, '/console/']);
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(403);
  });

  it('carries a change of policy to every cluster', async () => {
    await product.apply(
      [
        'apiVersion: isthmus.dev/v1alpha1',
        'kind: EncryptionPolicy',
        'metadata: {name: bookinfo-strict}',
        'spec: {targets: [{globalNamespace: bookinfo}], mode: PERMISSIVE}',
      ].join('\n'),
    );
    await eventually('PERMISSIVE everywhere', async () => {
      const texts = await Promise.all(['east', 'west', 'onprem'].map((cluster) => product.rendered(cluster)));
      return texts.every((text) => text.includes('mode: PERMISSIVE') && !text.includes('mode: STRICT')) || undefined;
    });
  });

  it('carries a traffic policy to every cluster, and explains which one holds', async () => {
    const policy = (name: string, target: string, request: string): string =>
      [
        'apiVersion: isthmus.dev/v1alpha1',
        'kind: TrafficPolicy',
        `metadata: {name: ${name}}`,
        `spec: {targets: [{globalNamespace: bookinfo${target}}], timeout: {request: ${request}}}`,
      ].join('\n');
    await product.apply([policy('all', '', '11s'), policy('reviews', ', service: reviews', '7s')].join('\n---\n'));
    await eventually('both timeouts everywhere', async () => {
      const texts = await Promise.all(['east', 'west', 'onprem'].map((cluster) => product.rendered(cluster)));
      return texts.every((text) => text.includes('timeout: 7s') && text.includes('timeout: 11s')) || undefined;
    });
    const { code, out } = await product.isthmus('explain', 'service', 'reviews', '--gns', 'bookinfo', '-o', 'json');
    const [explained] = JSON.parse(out) as { features: { feature: string; holds: object[]; lost: object[] }[] }[];
    expect([code, explained?.features.find(({ feature }) => feature === 'timeout')]).toMatchObject([
      0,
      {
        holds: [{ policy: { name: 'reviews' }, scope: 'SERVICE', fields: { requestMs: 7_000 } }],
        lost: [{ policy: { name: 'all' }, reason: 'NARROWER_SCOPE', against: { name: 'reviews' } }],
      },
    ]);
    expect((await product.isthmus('explain', 'service', 'nobody')).code).toBe(1);
  });

  it('carries a service that appears in one cluster to the others, owner first', async () => {
    const service = [
      'apiVersion: v1',
      'kind: Service',
      'metadata: {name: stock, namespace: bookinfo, labels: {app: stock}}',
      'spec: {selector: {app: stock}, ports: [{name: http, port: 8080}]}',
      '---',
      'apiVersion: apps/v1',
      'kind: Deployment',
      'metadata: {name: stock, namespace: bookinfo}',
      'spec:',
      '  selector: {matchLabels: {app: stock}}',
      '  template:',
      '    metadata: {labels: {app: stock}}',
      '    spec: {serviceAccountName: stock, containers: [{name: stock, image: stock}]}',
    ].join('\n');
    await writeFile(join(product.manifests('onprem'), 'stock.yaml'), service);
    // It resolves a second after everything else of it stands.
    await eventually('the host in east, with its address', async () => {
      const rendered = await product.rendered('east');
      return (rendered.includes('stock.bookinfo.global') && !rendered.includes('enable-autoallocate-ip')) || undefined;
    });
    expect(await product.rendered('onprem')).toContain('stock.bookinfo.svc.cluster.local');
  });

  it('removes nothing because a manifest cannot be read', async () => {
    const before = await product.rendered('east');
    const broken = join(product.manifests('onprem'), 'bookinfo.yaml');
    const text = await readFile(broken, 'utf8');
    await appendFile(broken, '\nthis: is: not: yaml\n');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await product.rendered('east')).toBe(before);
    await writeFile(broken, text);
  });

  it('leaves no process behind on Ctrl-C', async () => {
    expect(await product.stop()).toBe(0);
    expect(await product.processes()).toEqual([]);
  });

  it('resumes on a second start with what people changed, and enrols nobody again', async () => {
    await product.start();
    expect(product.output).not.toContain('demo organization is stored');
    await eventually('connected agents', () =>
      Promise.resolve((product.output.match(/connected$/gm) ?? []).length >= 3 || undefined),
    );
    expect(await product.rendered('west')).toContain('mode: PERMISSIVE');
  });

  it('leaves no process behind when the supervisor is killed', async () => {
    const before = await product.processes();
    expect(before.length).toBeGreaterThanOrEqual(5);
    product.signal('SIGKILL');
    await product.exited();
    await nothingRuns();
  });

  it('leaves no process behind when only npm is told to end', async () => {
    await product.start('npm');
    product.signal('SIGTERM');
    await product.exited();
    await nothingRuns();
  });

  const nothingRuns = () =>
    eventually(
      'the end of every process',
      async () => ((await product.processes()).length === 0 ? true : undefined),
      30_000,
    );
});
