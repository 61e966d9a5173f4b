/** One series of an instant vector. */
export interface VectorRow {
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** What a Prometheus-compatible store answered to an instant query. */
export type VectorAnswer = { ok: true; rows: VectorRow[] } | { ok: false; reason: string };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readRow(item: unknown): VectorRow | undefined {
  if (!isRecord(item) || !isRecord(item['metric']) || !Array.isArray(item['value'])) return undefined;
  const text: unknown = item['value'][1];
  const labels = Object.entries(item['metric']).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return typeof text === 'string' ? { labels: Object.fromEntries(labels), value: Number(text) } : undefined;
}

/**
 * Reads the JSON of `GET /api/v1/query`. Rows whose value is no finite number are left out: 0/0 is no measurement. Anything
 * but a vector is a reason, never an empty vector: no answer is not the same as no requests.
 */
export function readVector(body: unknown): VectorAnswer {
  if (!isRecord(body)) return { ok: false, reason: 'the answer is no JSON object' };
  if (body['status'] !== 'success') {
    const reason = typeof body['error'] === 'string' ? body['error'] : 'the answer has no status of success';
    return { ok: false, reason };
  }
  const data = body['data'];
  if (!isRecord(data) || data['resultType'] !== 'vector' || !Array.isArray(data['result'])) {
    return { ok: false, reason: 'the answer holds no vector' };
  }
  const rows = data['result'].map(readRow);
  if (rows.some((row) => row === undefined)) return { ok: false, reason: 'a row of the vector has no labels or value' };
  return { ok: true, rows: rows.filter((row) => row !== undefined).filter(({ value }) => Number.isFinite(value)) };
}
