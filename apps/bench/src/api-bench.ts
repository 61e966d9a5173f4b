import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureRawSql, measureTenancy } from './api-floor.js';
import { apiClient, atRate, type ApiClient } from './api-load.js';
import { mutationAt, queryAt, type Operation } from './api-operations.js';
import { canPin, keepOffTheApi, startApiProcess, type RunningApi } from './api-process.js';
import { fillWorld, type Tenant, type WorldSize } from './api-world.js';
import { lastLines, startDurablePostgres } from './convergence-product.js';
import { countFlights } from './flight-counter.js';
import { summarise } from './percentiles.js';
import { processUse } from './process-use.js';
import { newReport, type BenchReport, type Measurement } from './report.js';

/** How much is measured: queries at a rate, and half as many changes at half of it. */
export interface ApiBenchSize extends WorldSize {
  changes: number;
  rate: number;
}

const FLIGHTS = 20;
/** Queries until V8 has compiled what they run, at half the rate; they are reported by themselves. */
const WARM_UP = 3000;

/** The API on a core of its own, Postgres and load on the other: operations at a steady rate, beside what SQL by hand takes. */
export async function apiBench(size: ApiBenchSize, now: Date): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-bench-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const pinned = await canPin();
    if (pinned) await keepOffTheApi(process.pid); // Postgres is started by this process, and stays there with it
    const postgres = await startDurablePostgres(folder);
    stops.unshift(() => postgres.stop());
    const api = await startApiProcess({ folder, databaseUrl: postgres.url, pinned });
    stops.unshift(() => api.stop());
    const tenants = await fillWorld(postgres.url, size);
    const parameters = { ...size, pinned: pinned ? 'API on core 0, the rest on core 1' : 'no' };
    const report = newReport('api', parameters, now);
    await measure({ report, api, tenants, databaseUrl: postgres.url }, size);
    await api.stop();
    await measureFlights({ report, tenants, folder, databaseUrl: postgres.url });
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
  report: BenchReport;
  api: RunningApi;
  tenants: readonly Tenant[];
  databaseUrl: string;
}

/** A measurement in milliseconds, unless `more` says otherwise. */
function series(name: string, raw: number[], more: Partial<Measurement> = {}): Measurement {
  return { name, unit: 'ms', raw, summary: summarise(raw), ...more };
}

async function measure(
  { report, api, tenants, databaseUrl }: Measuring,
  { changes, rate }: ApiBenchSize,
): Promise<void> {
  const tenancy = await measureTenancy(databaseUrl, tenants);
  report.measurements.push(series('floor: one statement', tenancy.statement));
  report.measurements.push(
    series('the same in a transaction with row-level security', tenancy.transaction, {
      floor: 'floor: one statement',
    }),
  );
  report.measurements.push(
    series('the same through withTenant', tenancy.withTenant, { floor: 'floor: one statement' }),
  );
  const sql = await measureRawSql(databaseUrl, tenants);
  report.measurements.push(series('floor: Q1 in SQL by hand', sql.services));
  report.measurements.push(series('floor: a change in SQL by hand', sql.change));
  const client = apiClient(api.url);
  try {
    const query = (index: number): Promise<void> => client.send(queryAt(index, tenants));
    const mutation = (index: number): Promise<void> => client.send(mutationAt(index, tenants));
    const first = await atRate({ rate: rate / 2, count: WARM_UP }, query);
    report.measurements.push(series(`the first ${WARM_UP} queries after the start, at ${rate / 2}/s`, first));
    for (const index of tenants.keys()) await mutation(index); // what is known of each organization after its first change
    const before = await processUse(api.pid);
    const half = { rate: rate / 2, count: Math.ceil(changes / 2) };
    const queries = await atRate({ rate, count: changes }, query);
    report.measurements.push(series(`queries at ${rate}/s`, queries, { floor: 'floor: Q1 in SQL by hand' }));
    const after = await processUse(api.pid);
    report.measurements.push(
      series('CPU of the API, a query', [((after?.cpuMs ?? 0) - (before?.cpuMs ?? 0)) / changes]),
    );
    report.measurements.push(
      series(`mutations at ${rate / 2}/s`, await atRate(half, mutation), {
        floor: 'floor: a change in SQL by hand',
      }),
    );
    const [mixed, changed] = await Promise.all([atRate({ rate, count: changes }, query), atRate(half, mutation)]);
    report.measurements.push(series('both at once: queries', mixed, { floor: 'floor: Q1 in SQL by hand' }));
    report.measurements.push(series('both at once: mutations', changed, { floor: 'floor: a change in SQL by hand' }));
  } finally {
    client.close();
  }
}

/** Round trips to the database of single operations, one after the other, through another API whose way to it is counted. */
async function measureFlights(at: Omit<Measuring, 'api'> & { folder: string }): Promise<void> {
  const counter = await countFlights(at.databaseUrl);
  const api = await startApiProcess({ folder: at.folder, databaseUrl: counter.url, pinned: false });
  const client = apiClient(api.url);
  try {
    const kinds: [string, (index: number) => Operation][] = [
      ['Q1', (index) => queryAt(index * 10, at.tenants)],
      ['Q2', (index) => queryAt(index * 10 + 1, at.tenants)],
      ['a mutation', (index) => mutationAt(index, at.tenants)],
    ];
    for (const [name, operation] of kinds) {
      await client.send(operation(0));
      const raw = await flightsOf(client, operation, counter.flights);
      at.report.measurements.push(series(`round trips to Postgres: ${name}`, raw, { unit: 'count' }));
    }
  } finally {
    client.close();
    await api.stop();
    await counter.close();
  }
}

async function flightsOf(
  client: ApiClient,
  operation: (index: number) => Operation,
  flights: () => number,
): Promise<number[]> {
  const raw: number[] = [];
  for (let index = 1; index <= FLIGHTS; index += 1) {
    const before = flights();
    await client.send(operation(index));
    raw.push(flights() - before);
  }
  return raw;
}
