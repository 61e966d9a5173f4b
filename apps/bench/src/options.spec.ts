import { describe, expect, it } from 'vitest';
import { BENCHES, HELP, parseBenchOptions } from './options.js';

describe('the options of the benchmarks', () => {
  it('refuses an unknown benchmark and more than one', () => {
    expect(parseBenchOptions(['speed']).kind).toBe('usage');
    expect(parseBenchOptions(['compile', 'render']).kind).toBe('usage');
    expect(parseBenchOptions([]).kind).toBe('usage');
  });

  it('refuses sizes that are no whole number in range, all at once', () => {
    const parsed = parseBenchOptions(['compile', '--hosts', '0', '--clusters', '100001']);
    expect(parsed.kind === 'usage' && parsed.faults).toHaveLength(2);
  });

  it('refuses more owners than clusters', () => {
    expect(parseBenchOptions(['compile', '--clusters', '2']).kind).toBe('usage');
    expect(parseBenchOptions(['compile', '--clusters', '3']).kind).toBe('run');
  });

  it('names every benchmark in its help', () => {
    for (const name of Object.keys(BENCHES)) expect(HELP).toContain(name);
  });
});
