import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../scripts/lib/paths.mjs';

/** `| name of a test | [file](../path) |` */
const ROW = /^\| (?<test>.+?) +\| \[.+?\]\(\.\.\/(?<file>.+?)\) +\|$/;

const sections = fs
  .readFileSync(inRoot('docs/safety.md'), 'utf8')
  .split(/^## /m)
  .slice(1)
  .map((text) => ({
    rule: text.split('\n')[0],
    rows: text.split('\n').flatMap((line) => ROW.exec(line)?.groups ?? []),
  }));
const rules = sections.filter(({ rule }) => /^\d+\./.test(rule));

/** True if the source has a test of this very name. */
function hasTest(source, name) {
  const quoted = [`'${name.replaceAll("'", "\\'")}'`, `"${name}"`];
  return quoted.some((text) => new RegExp(`\\bit(\\.each\\([^;]*\\))?\\(\\s*${escaped(text)}`).test(source));
}

const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('the page of safety rules', () => {
  it('has sixteen rules, in order, and none without a test', () => {
    expect(rules.map(({ rule }) => Number.parseInt(rule, 10))).toEqual(Array.from({ length: 16 }, (_, at) => at + 1));
    expect(rules.filter(({ rows }) => rows.length === 0).map(({ rule }) => rule)).toEqual([]);
  });

  it.each(rules.flatMap(({ rows }) => rows.map(({ file, test }) => [path.basename(file), test, file])))(
    '%s still has "%s"',
    (_, test, file) => {
      const source = fs.readFileSync(inRoot(file), 'utf8');
      expect(hasTest(source, test)).toBe(true);
      expect(hasTest(source, `${test}, or so`)).toBe(false);
    },
  );
});
