import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { chromiumFile, probeChromium } from '@isthmus/testing';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { startApiProcess } from './api-process.js';
import { homeOnce } from './console-home.js';
import { PROBE } from './console-probe.js';
import { auditSteps, resourceSteps, topologySteps, type Note, type Site } from './console-steps.js';
import { fillConsoleWorld, type ConsoleWorldSize } from './console-world.js';
import { lastLines, startDurablePostgres } from './convergence-product.js';
import { summarise } from './percentiles.js';
import { newReport, type BenchReport, type Measurement } from './report.js';

/** How much is measured: every interaction so many times, or until its part of the time is over. */
export interface ConsoleBenchSize extends Omit<ConsoleWorldSize, 'rows'> {
  rounds: number;
}

const ROWS = 10_000;
/** How long each part goes on with further rounds. */
const PART_MS = { home: 12_000, resources: 30_000, audit: 20_000, topology: 50_000 } as const;

/** The built console in a real browser, over the API as it ships: what the reader waits for. */
export async function consoleBench({ rounds, ...size }: ConsoleBenchSize, now: Date): Promise<BenchReport> {
  const missing = await probeChromium();
  if (missing !== undefined)
    throw new Error(`the console is measured in a browser: ${missing} (node scripts/provision.mjs)`);
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-bench-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const postgres = await startDurablePostgres(folder);
    stops.unshift(() => postgres.stop());
    const api = await startApiProcess({ folder, databaseUrl: postgres.url, pinned: false });
    stops.unshift(() => api.stop());
    await fillConsoleWorld(postgres.url, { ...size, rows: ROWS });
    const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
    const browser = await chromium.launch({
      ...{ executablePath: chromiumFile() ?? '', args: ['--no-sandbox', '--disable-dev-shm-usage'] },
    });
    stops.unshift(() => browser.close());
    const report = newReport('console', { ...size, rows: ROWS, rounds, browser: browser.version() }, now);
    report.measurements = await measure({ browser, token, site: { url: api.url, rows: ROWS }, rounds });
    return report;
  } catch (error) {
    throw new Error(`the measurement failed; the last lines of the logs:\n${await lastLines(folder)}`, {
      cause: error,
    });
  } finally {
    for (const stop of stops) await stop().catch(() => undefined);
  }
}

interface Measuring {
  browser: Browser;
  token: string;
  site: Site;
  rounds: number;
}

async function measure({ browser, token, site, rounds }: Measuring): Promise<Measurement[]> {
  const series = new Map<string, Measurement>();
  const add = (name: string, value: number, unit: Measurement['unit'] = 'ms'): void => {
    const raw = [...(series.get(name)?.raw ?? []), value];
    series.set(name, { name, unit, raw, summary: summarise(raw) });
  };
  await repeated({ rounds, ms: PART_MS.home }, async () => {
    const context = await contextOf(browser, token);
    const { bytes, shown, interactive } = await homeOnce(context, site.url);
    await context.close();
    add('Home, scripts and styles, compressed', bytes, 'bytes');
    add('Home, from an empty cache: until shown', shown);
    add('Home, from an empty cache: until idle', interactive);
  });
  const note: Note = (name, { paint, stall, shown }) => {
    add(`${name}: next paint`, paint);
    add(`${name}: longest frame`, stall);
    add(`${name}: until shown`, shown);
  };
  const context = await contextOf(browser, token);
  const page = await context.newPage();
  await repeated({ rounds, ms: PART_MS.resources }, () => resourceSteps(page, site, note));
  await repeated({ rounds, ms: PART_MS.audit }, () => auditSteps(page, site, note));
  await repeated({ rounds, ms: PART_MS.topology }, () => topologySteps(page, site, note));
  await context.close();
  return [...series.values()];
}

async function contextOf(browser: Browser, token: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addInitScript(`sessionStorage.setItem('isthmus-token', ${JSON.stringify(token)});${PROBE}`);
  return context;
}

/** At least once, then again while there are rounds and time. */
async function repeated({ rounds, ms }: { rounds: number; ms: number }, round: () => Promise<void>): Promise<void> {
  const end = performance.now() + ms;
  for (let count = 0; count < rounds && (count === 0 || performance.now() < end); count += 1) await round();
}
