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

  it('refuses a rate of nothing and more clusters than convergence can show', () => {
    expect(parseBenchOptions(['convergence', '--rate', '0']).kind).toBe('usage');
    expect(parseBenchOptions(['convergence', '--clusters', '101']).kind).toBe('usage');
    expect(parseBenchOptions(['convergence', '--clusters', '100', '--rate', '0.5']).kind).toBe('run');
  });

  it('refuses a kind of cluster that it does not know', () => {
    expect(parseBenchOptions(['convergence', '--port', 'file']).kind).toBe('usage');
    const parsed = parseBenchOptions(['convergence', '--port', 'kubernetes']);
    expect(parsed.kind === 'run' && parsed.options.size.port).toBe('kubernetes');
  });

  it('names every benchmark in its help', () => {
    for (const name of Object.keys(BENCHES)) expect(HELP).toContain(name);
  });
});
