import { execFile, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { real } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ObservedService } from './observed-service.js';
import { readVector, type VectorRow } from './prometheus-answer.js';
import { RECORDED_FROM, RECORDED_SECONDS, recordedSeries } from './recorded-series.fixture.js';
import { serviceSamples } from './service-samples.js';
import { signalQueries, type SignalQueries } from './signal-queries.js';

const run = promisify(execFile);

async function probe(): Promise<string | undefined> {
  for (const program of ['prometheus', 'promtool']) {
    const isThere = await run(program, ['--version']).then(
      () => true,
      () => false,
    );
    if (!isThere) return `${program} is not on PATH (Debian package prometheus)`;
  }
  return undefined;
}

const service = (name: string, canonicalService = name): ObservedService => ({
  host: `${name}.bookinfo.global`,
  namespace: 'bookinfo',
  canonicalService,
  destinations: [`${name}.bookinfo.svc.cluster.local`, `${name}.bookinfo.global`],
});
const services = [service('catalog'), service('details'), service('ratings'), service('reviews')];

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function queriesOf(windowSeconds: number): SignalQueries {
  const queries = signalQueries(services, windowSeconds);
  if (queries === undefined) throw new Error('there are services');
  return queries;
}

const suite = await real('prometheus', probe);

suite('queries against a real Prometheus with recorded series', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isthmus-prometheus-'));
  let server: ChildProcess | undefined;
  let address = '';

  beforeAll(async () => {
    const series = path.join(folder, 'series.txt');
    fs.writeFileSync(series, recordedSeries());
    await run('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', series, path.join(folder, 'data')]);
    fs.writeFileSync(path.join(folder, 'prometheus.yml'), 'global: {}\n');
    address = `127.0.0.1:${await freePort()}`;
    server = spawn(
      'prometheus',
      [
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${folder}/data`,
        '--storage.tsdb.retention.time=50y',
        `--web.listen-address=${address}`,
      ],
      { stdio: 'ignore' },
    );
    for (let tries = 0; tries < 200; tries++) {
      const isReady = await fetch(`http://${address}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isReady) return;
      await pause(100);
    }
    throw new Error('Prometheus did not get ready');
  });

  afterAll(async () => {
    if (server !== undefined) {
      const ended = new Promise((resolve) => server?.once('exit', resolve));
      server.kill();
      await ended;
    }
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function ask(query: string, time: number): Promise<readonly VectorRow[]> {
    const parameters = new URLSearchParams({ query, time: String(time) });
    const response = await fetch(`http://${address}/api/v1/query?${parameters.toString()}`);
    const answer = readVector(await response.json());
    if (!answer.ok) throw new Error(answer.reason);
    return answer.rows;
  }

  async function samplesAt(time: number, windowSeconds: number) {
    const { total, errors, durations } = queriesOf(windowSeconds);
    const rows = {
      total: await ask(total, time),
      errors: await ask(errors, time),
      durations: await ask(durations, time),
    };
    return serviceSamples(services, rows);
  }

  it('tells an error of the store from an empty answer', async () => {
    const response = await fetch(
      `http://${address}/api/v1/query?${new URLSearchParams({ query: 'sum by (' }).toString()}`,
    );
    expect(readVector(await response.json())).toMatchObject({
      ok: false,
      reason: expect.stringContaining('parse error') as string,
    });
  });

  it('gives no sample for services and times that nobody measured', async () => {
    const hosts = (await samplesAt(RECORDED_FROM + 300, 60)).map(({ host }) => host);
    expect(hosts).not.toContain('details.bookinfo.global');
    expect(await samplesAt(RECORDED_FROM - 600, 60)).toEqual([]);
    expect(await samplesAt(RECORDED_FROM + RECORDED_SECONDS + 3600, 60)).toEqual([]);
  });

  it('counts requests, failures and durations of a minute as servers saw them', async () => {
    const samples = await samplesAt(RECORDED_FROM + 300, 60);
    const rounded = samples.map(({ host, total, errors, durations }) => [
      host,
      Math.round(total),
      Math.round(errors),
      durations?.bounds,
    ]);
    expect(rounded).toEqual([
      ['catalog.bookinfo.global', 20, 4, undefined],
      ['ratings.bookinfo.global', 32, 8, undefined],
      ['reviews.bookinfo.global', 80, 12, [25, 100]],
    ]);
    expect(samples[2]?.durations?.counts.map(Math.round)).toEqual([48, 24, 8]);
  });

  it('is not misled by a pod that restarts', async () => {
    const restart = RECORDED_FROM + 42 * 15;
    const reviews = (await samplesAt(restart + 15, 60)).find(({ host }) => host === 'reviews.bookinfo.global');
    expect(reviews?.total).toBeGreaterThanOrEqual(75);
    expect(reviews?.total).toBeLessThanOrEqual(80.001);
  });

  it('adds up over minutes to what a longer stretch says', async () => {
    const minutes = [2, 3, 4, 5, 6].map((minute) => samplesAt(RECORDED_FROM + minute * 60, 60));
    const totals = (await Promise.all(minutes)).map(
      (samples) => samples.find(({ host }) => host === 'reviews.bookinfo.global')?.total ?? 0,
    );
    const [whole] = (await samplesAt(RECORDED_FROM + 360, 300)).filter(
      ({ host }) => host === 'reviews.bookinfo.global',
    );
    expect(totals.reduce((sum, total) => sum + total, 0)).toBeCloseTo(whole?.total ?? 0, 2);
  });

  it('are rules that promtool accepts, whatever the names of namespaces', async () => {
    const hostile = { ...service('x'), namespace: 'a.b"c\\d|e' };
    const textsOf = ({ total, errors, durations }: SignalQueries) => [total, errors, durations];
    const odd = signalQueries([hostile], 120);
    const all = [queriesOf(60), ...(odd === undefined ? [] : [odd])].flatMap(textsOf);
    const rules = all.map((expr, index) => ({ record: `isthmus:rule_${index}`, expr }));
    const file = path.join(folder, 'rules.json');
    fs.writeFileSync(file, JSON.stringify({ groups: [{ name: 'isthmus', rules }] }));
    const { stdout } = await run('promtool', ['check', 'rules', file]);
    expect(stdout).toContain(`SUCCESS: ${all.length} rules found`);
  });
});
