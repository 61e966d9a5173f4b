import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { ALL_KINDS } from '../resources/kinds.js';
import { changedValue, type Change } from './changed-value.js';
import { changeText } from './change-text.js';
import { loadSchema } from './field-schema.js';
import { isRecord, readText, valueAt, type Path, type PlainText } from './plain-text.js';
import { documentsOf } from './schema-documents.fixture.js';

function plain(text: string, kind: string): PlainText {
  const reading = readText(text, kind);
  if ('fault' in reading) throw new Error(`${reading.fault} ${reading.detail} at ${reading.line ?? ''}\n${text}`);
  return reading;
}

function pathsOf(value: unknown, path: Path = []): Path[] {
  const steps = Array.isArray(value) ? value.map((_, index) => index) : isRecord(value) ? Object.keys(value) : [];
  const here = path.length === 0 ? [] : [path];
  return [...here, ...steps.flatMap((step) => pathsOf(valueAt(value, [step]), [...path, step]))];
}

/** The text with a comment above each line that begins with a key. */
function commented(text: string): string {
  return text.replaceAll(
    /^(\s*)(?:- )?[a-zA-Z]+:.*$/gm,
    (line, indent: string, at: number) => `${indent}# above ${at}\n${line}`,
  );
}

const commentsOf = (text: string): string[] => text.match(/# above \d+$/gm) ?? [];

describe.each(ALL_KINDS)('documents of kind %s', (kind) => {
  const withoutBlocks = { lineWidth: 0, blockQuote: false } as const;

  it('are the same text when a field is written as it stands, or changed and changed back', async () => {
    const schema = await loadSchema(kind);
    fc.assert(
      fc.property(documentsOf(schema), fc.nat(), (value, which) => {
        const text = commented(stringify(value, withoutBlocks));
        const reading = plain(text, kind);
        expect(reading.value).toEqual(value);
        const paths = pathsOf(value);
        const path = paths[which % paths.length] ?? [];
        const at = valueAt(value, path);
        expect(changeText(reading, { to: 'set', path, value: at })).toBe(text);
        if (path[0] === 'kind' || !isLeaf(at) || String(at).includes('\n')) return;
        const other = changeText(reading, { to: 'set', path, value: typeof at === 'string' ? 'other' : 77 });
        expect(changeText(plain(other, kind), { to: 'set', path, value: at })).toBe(text);
      }),
      { numRuns: 25 },
    );
  });

  it('say what was changed and nothing else, and keep their comments', async () => {
    const schema = await loadSchema(kind);
    fc.assert(
      fc.property(documentsOf(schema), fc.nat(), fc.nat(), (value, which, how) => {
        const text = commented(stringify(value, withoutBlocks));
        const paths = pathsOf(value);
        const change = changeOf(value, paths[which % paths.length] ?? [], how);
        const after = changeText(plain(text, kind), change);
        expect(parse(after), JSON.stringify(change)).toEqual(changedValue(value, change));
        const lost = commentsOf(text).filter((one) => !commentsOf(after).includes(one));
        const gone = change.to === 'remove' || (change.to === 'set' && !isLeaf(valueAt(value, change.path)));
        if (!gone) expect(lost, `${JSON.stringify(change)}\n${text}\n---\n${after}`).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

const isLeaf = (value: unknown): boolean => typeof value !== 'object' || value === null;

function changeOf(value: unknown, path: Path, how: number): Change {
  const step = path.at(-1);
  const parent = valueAt(value, path.slice(0, -1));
  const last = Array.isArray(parent) ? parent.length - 1 : 0;
  if (typeof step === 'number' && how % 5 === 0 && last > 0) return { to: 'move', path, by: step === last ? -1 : 1 };
  if (how % 5 === 1) return { to: 'remove', path };
  if (how % 5 === 2 && typeof step === 'string') return { to: 'rename', path, key: 'renamed/key' };
  return settingOf(valueAt(value, path), path, how);
}

function settingOf(at: unknown, path: Path, how: number): Change {
  if (isLeaf(at)) return { to: 'set', path, value: ['plain', '1.5', 'two\nlines', 3, true, null][how % 6] };
  const value = [7, 'new', { a: 'x', b: [{}] }][how % 3];
  return { to: 'set', path: [...path, Array.isArray(at) ? at.length : 'newField'], value };
}

describe('one change of a text', () => {
  const text = `# what this is for
apiVersion: isthmus.dev/v1alpha1
kind: TrafficPolicy
metadata: { name: front, project: default } # who
spec:
    # whom it concerns
    targets:
        # the shop
        - globalNamespace: "shop" # all of it

        # the bank
        - globalNamespace: bank

    retry:
        attempts:   3   # not more
        perTryTimeout: 2s
    timeout: {}
`;
  const change = (one: Change) => changeText(plain(text, 'TrafficPolicy'), one);

  it.each<[string, Change, string, string]>([
    [
      'a word as it was quoted',
      { to: 'set', path: ['spec', 'targets', 0, 'globalNamespace'], value: 'mall' },
      '"shop"',
      '"mall"',
    ],
    [
      'a number where it stands',
      { to: 'set', path: ['spec', 'retry', 'attempts'], value: 5 },
      '3   # not',
      '5   # not',
    ],
    ['a word in a mapping of one line', { to: 'set', path: ['metadata', 'name'], value: 'back' }, 'front', 'back'],
    [
      'a new field where the schema has it',
      { to: 'set', path: ['spec', 'retry', 'backoff'], value: '9ms', order: ['attempts', 'backoff', 'perTryTimeout'] },
      '# not more\n',
      '# not more\n        backoff: 9ms\n',
    ],
    [
      'into an empty mapping',
      { to: 'set', path: ['spec', 'timeout', 'idle'], value: '1s' },
      'timeout: {}',
      'timeout:\n      idle: 1s',
    ],
    [
      'a new item at the end',
      { to: 'set', path: ['spec', 'targets', 2], value: { globalNamespace: 'mall' } },
      '- globalNamespace: bank\n',
      '- globalNamespace: bank\n        - globalNamespace: mall\n',
    ],
    [
      'one field less, whose comment stays',
      { to: 'remove', path: ['spec', 'retry', 'attempts'] },
      'attempts:   3   # not more',
      '# not more',
    ],
    ['one field less', { to: 'remove', path: ['spec', 'retry', 'perTryTimeout'] }, '        perTryTimeout: 2s\n', ''],
  ])('writes %s', (...[, one, before, after]) => {
    expect(change(one)).toBe(text.replace(before, after));
  });

  it('moves an item with the comments above it', () => {
    const moved = change({ to: 'move', path: ['spec', 'targets', 1], by: -1 });
    expect(moved.indexOf('# the bank')).toBeLessThan(moved.indexOf('bank\n'));
    expect(moved.indexOf('globalNamespace: bank')).toBeLessThan(moved.indexOf('# the shop'));
    expect(moved.indexOf('# the shop')).toBeLessThan(moved.indexOf('"shop" # all of it'));
  });

  it('makes the list that a first item is put into', () => {
    const empty = 'kind: ServiceGroup\nspec: {}\n';
    expect(changeText(plain(empty, 'ServiceGroup'), { to: 'set', path: ['spec', 'members', 0], value: {} })).toBe(
      'kind: ServiceGroup\nspec:\n  members:\n    - {}\n',
    );
  });

  it('writes into a field that has nothing yet', () => {
    const empty = 'kind: Project\nmetadata:\n  name: \n  labels:\nspec: {}\n';
    const named = changeText(plain(empty, 'Project'), { to: 'set', path: ['metadata', 'name'], value: 'shop' });
    expect(named).toBe(empty.replace('name: ', 'name: shop'));
    expect(changeText(plain(empty, 'Project'), { to: 'set', path: ['metadata', 'labels', 'a'], value: 'b' })).toBe(
      empty.replace('labels:', 'labels:\n    a: b'),
    );
  });
});

describe('a text that no form can show', () => {
  it.each([
    ['', 'EMPTY', undefined],
    ['# nothing\n', 'EMPTY', undefined],
    ['- a\n', 'NO_MAPPING', undefined],
    ['kind: Project\nspec: [\n', 'SYNTAX', 3],
    ['kind: Project\nkind: Project\n', 'SYNTAX', 2],
    ['kind: Project\n---\nkind: Project\n', 'SEVERAL', 2],
    ['kind: Project\nspec: &a {}\n', 'NOT_PLAIN', 2],
    ['kind: Project\nmetadata:\n  <<: {}\n', 'NOT_PLAIN', 3],
    ['kind: Project\nspec: !odd {}\n', 'SYNTAX', 2],
    ['kind: ServiceGroup\n', 'KIND', undefined],
  ])('%j is %s', (text, fault, line) => {
    const reading = readText(text, 'Project');
    expect('fault' in reading && [reading.fault, reading.line]).toEqual([fault, line]);
  });
});
