import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually, freePort } from '../product/product.fixture.js';
import { exposition, type RecordedCounter } from './recorded-series.fixture.js';

const run = promisify(execFile);

/** Why there is no Prometheus here; undefined if there is one. */
export async function probePrometheus(): Promise<string | undefined> {
  return run('prometheus', ['--version']).then(
    () => undefined,
    () => 'prometheus is not on PATH (Debian package prometheus)',
  );
}

/** A sample each 15 s of the recording; scraped much faster than that. */
const SAMPLE_SECONDS = 15;

export interface Recording {
  counters: readonly RecordedCounter[];
  /** Unix seconds. */
  from: number;
  minutes: number;
}

/** An exporter that plays a recording, one sample a scrape, each with its own time; and a real Prometheus that scrapes it. */
export class PlayedPrometheus {
  readonly #samples: number;
  #played = 0;
  #exporter: Server | undefined;
  #process: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    readonly url: string,
    private readonly recording: Recording,
  ) {
    this.#samples = (recording.minutes * 60) / SAMPLE_SECONDS + 1;
  }

  static async start(recording: Recording): Promise<PlayedPrometheus> {
    const folder = await mkdtemp(join(tmpdir(), 'isthmus-slo-'));
    const port = await freePort();
    const played = new PlayedPrometheus(folder, `http://127.0.0.1:${String(port)}`, recording);
    await played.#export();
    await played.#launch(port);
    return played;
  }

  /** Waits until the store holds the whole recording. */
  async untilPlayed(): Promise<void> {
    const query = 'min(count_over_time(istio_requests_total[1h]))';
    await eventually('the recording is in Prometheus', async () => {
      const response = await fetch(`${this.url}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
      const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
      return Number(data.result[0]?.value[1]) === this.#samples ? true : undefined;
    });
  }

  async stop(): Promise<void> {
    const process_ = this.#process;
    this.#process = undefined;
    if (process_ === undefined) return;
    const ended = once(process_, 'exit');
    process_.kill();
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    this.#exporter?.closeAllConnections();
    this.#exporter?.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #export(): Promise<void> {
    const exporter = createServer((_request, response) => {
      const { counters, from } = this.recording;
      const isOver = this.#played >= this.#samples;
      const timeMs = (from + this.#played * SAMPLE_SECONDS) * 1000;
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
      response.end(isOver ? '' : exposition(counters, this.#played, timeMs));
      this.#played += 1;
    });
    await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
    this.#exporter = exporter;
    const target = `127.0.0.1:${String((exporter.address() as AddressInfo).port)}`;
    const scrape = `{job_name: istio, scrape_interval: 200ms, scrape_timeout: 200ms, static_configs: [{targets: ['${target}']}]}`;
    await writeFile(join(this.folder, 'prometheus.yml'), `scrape_configs:\n  - ${scrape}\n`);
  }

  async #launch(port: number): Promise<void> {
    const flags = [
      `--config.file=${join(this.folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(this.folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${String(port)}`,
    ];
    this.#process = spawn('prometheus', flags, { stdio: 'ignore' });
    await eventually('Prometheus is ready', async () => ((await fetch(`${this.url}/-/ready`)).ok ? true : undefined));
  }
}
