import { describe, expect, it } from 'vitest';
import { COMMANDS, matching } from './commands.js';

describe('commands', () => {
  const titles = (text: string): string[] => matching(COMMANDS, text).map(({ title }) => title);

  it('are found by all their words, in any order and case', () => {
    expect(titles('policy TRAFFIC create')).toEqual(['Create traffic policy']);
    expect(titles('traffic nothing')).toEqual([]);
  });

  it('stand before others where they begin with the text', () => {
    expect(titles('cluster').slice(0, 2)).toEqual(['Clusters', 'Cluster groups']);
    expect(titles('cluster')).toContain('Onboard a cluster');
  });

  it('are all there without a text, each with an address of its own', () => {
    expect(titles('')).toHaveLength(COMMANDS.length);
    expect(new Set(COMMANDS.map(({ to }) => to)).size).toBe(COMMANDS.length);
  });
});
