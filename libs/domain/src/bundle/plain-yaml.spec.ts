import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainDocuments } from './plain-yaml.js';
import { readThoroughly } from './yaml-document.js';

const MANIFEST = `# a comment
apiVersion: v1
kind: Service
metadata:
  name: "web"
  labels: {app: web, tier: 'front'}
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {"apiVersion":"v1","kind":"Service"}
spec:
  ports:
    - name: http
      port: 80
  clusterIP:
`;

/** What both readers say of a text that the quick one takes; undefined if it leaves it to the thorough one. */
function bothSay(text: string): { quick: unknown; thorough: unknown } | undefined {
  const quick = readPlainDocuments(text);
  if (quick === undefined) return undefined;
  const { documents, issues } = readThoroughly({ path: 'a.yaml', text });
  const place = (offset: number) => {
    const lines = text.slice(0, offset).split('\n');
    return { file: 'a.yaml', line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
  };
  return {
    quick: { issues: [], said: quick.map(({ value, start }) => ({ value, start: place(start) })) },
    thorough: { issues, said: documents.map(({ value, positionOf }) => ({ value, start: positionOf('') })) },
  };
}

function expectAgreement(text: string): void {
  const said = bothSay(text);
  expect({ text, said: said?.quick }).toEqual({ text, said: said?.thorough });
}

describe('a file is left to the thorough reader', () => {
  it.each([
    ['an anchor', 'a: &x 1\n'],
    ['an alias', 'a: &x 1\nb: *x\n'],
    ['a tag', 'a: !!str 1\n'],
    ['a directive', '%YAML 1.2\n---\na: 1\n'],
    ['a folded text', 'a: >\n  b\n'],
    ['a tab', 'a: "\t"\n'],
    ['a carriage return alone', 'a: 1\rb: 2\n'],
    ['a separator of lines of Unicode', 'a: \u2028\n'],
    ['a merged mapping', '<<: { a: 1 }\n'],
    ['a key that is no text', '1: a\n'],
    ['an empty key', ': a\n'],
    ['a key that is null', 'null: a\n'],
    ['a key that is a list', '[a]: b\n'],
    ['a key of JavaScript', '__proto__: { a: 1 }\n'],
    ['a key that stands twice', 'a: 1\na: 2\n'],
    ['a document that is a list', '- a\n'],
    ['a document that is a text', 'a\n'],
    ['a mark of documents that is indented', '  ---\n'],
    ['an open bracket', 'a: [1\n'],
    ['nesting beyond what manifests have', `a: ${'['.repeat(60)}${']'.repeat(60)}\n`],
  ])('for %s', (_, text) => expect(readPlainDocuments(text)).toBeUndefined());
});

describe('a file that is read quickly', () => {
  it('is one like the manifests of Kubernetes', () => {
    expect(readPlainDocuments(`${MANIFEST}---\n---\n${MANIFEST}`)).toHaveLength(2);
    expectAgreement(`${MANIFEST}---\n---\n${MANIFEST}`);
    expectAgreement(MANIFEST.replaceAll('\n', '\r\n'));
    expectAgreement(JSON.stringify({ a: [1, -0.5, 1e21, true, null, 'ä\n"'], b: { c: {} } }, null, 2));
  });

  it('has the values that the thorough reader gives it', () => {
    const scalars =
      '0 -0 +1 012 0o17 0x1F 0b1 1_000 1. .5 1e3 1E+3 .inf -.INF .nan ~ null NULL True FALSE yes on 1:30 2001-01-01 << = 12345678901234567890';
    for (const scalar of scalars.split(' ')) {
      expect(bothSay(`a: ${scalar}\n`)).toBeDefined();
      expectAgreement(`a: ${scalar}\nb: [${scalar}]\nc:\n  - ${scalar}\n`);
    }
  });

  it('says the same as when it is read thoroughly, whatever lines it has', () => {
    const key = fc.constantFrom(
      'a',
      'b',
      'c',
      'd.e',
      'f/g',
      'h-i',
      '"q"',
      "'r'",
      'x y',
      '1',
      '~',
      '?',
      '-',
      '#',
      '{z: 1}',
    );
    const value = fc.constantFrom(
      ...[
        '',
        ' x',
        ' x y # c',
        ' x#y',
        ' x:',
        ' 1',
        ' "b\\n\\u00e4"',
        " 'it''s'",
        ' "b\n  c"',
        ' |',
        ' |-\n    x\n     y',
        ' |+',
        ' |2',
        ' []',
        ' {}',
      ],
      ...[
        ' [a, {b: c},]',
        ' {a: b, "c": d}',
        ' {a}',
        ' [\n a,\n b ]',
        ' - x',
        ' a: b',
        ' @x',
        ' %x',
        ' "x" y',
        ' \u00a0x',
        ' \ud83d\ude00',
        ' x\n   y',
        'x',
      ],
    );
    const line = fc
      .tuple(
        fc.constantFrom(0, 0, 0, 2, 2, 4, 1, 3),
        fc.constantFrom('', '', '', '- ', '- - ', '? '),
        key,
        value,
        fc.constantFrom('\n', '\n', '\r\n', '\n\n', ''),
      )
      .map(([indent, mark, name, text, end]) => `${' '.repeat(indent)}${mark}${name}:${text}${end}`);
    const other = fc.constantFrom(
      '---\n',
      '...\n',
      '# x\n',
      '\n',
      '  # y\n',
      '--- # c\n',
      '--- a: b\n',
      '---\n---\n',
      'text\n',
    );
    const lines = fc.array(fc.oneof({ weight: 8, arbitrary: line }, other), { maxLength: 8 });
    fc.assert(
      fc.property(lines, (parts) => expectAgreement(parts.join(''))),
      { numRuns: 3000 },
    );
  });

  it('says the same whatever was done to it by one stroke', () => {
    const stroke = fc.record({
      at: fc.nat(MANIFEST.length),
      cut: fc.nat(2),
      put: fc.constantFrom(...'\n :-?{}[],"\'#&*!|>%@`<~.x1'.split(''), '', '\n  ', '---\n'),
    });
    const strokes = fc.array(stroke, { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(strokes, (some) => {
        const done = (text: string, { at, cut, put }: (typeof some)[number]) =>
          text.slice(0, at) + put + text.slice(at + cut);
        expectAgreement(some.reduce(done, MANIFEST));
      }),
      { numRuns: 1000 },
    );
  });
});
