import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readPlainYaml } from './plain-yaml.js';
import { parseDocuments } from './yaml-document.js';

const SERVICE = `# a service
apiVersion: v1
kind: Service
metadata:
  name: cart
  labels:
    app.kubernetes.io/name: "cart"
spec:
  ports:
  - name: http
    port: 80
    targetPort: 8080
  - name: 'grpc'
    port: 81
  clusterIPs:
    - None
    - a b
  selector: { app: cart, tier: "a b", list: [x, 1, 'y'], deep: { a: [] } }
  names: [ team-a, "team-*" ]
  empty: {}
  none: []
  nothing:
---
kind: Other
items:
  - image: registry/cart:v1.2
    ready: true
    args:
      - x:y
`;

/** What the full parser reads, if it has nothing to say against it. */
function full(text: string): unknown[] | 'faulty' {
  const { documents, issues } = parseDocuments({ path: 'a.yaml', text });
  return issues.length > 0 ? 'faulty' : documents.map(({ value }) => value);
}

function expectSame(text: string): boolean {
  const plain = readPlainYaml(text);
  if (plain === undefined) return false;
  expect(
    plain.map(({ value }) => value),
    text,
  ).toEqual(full(text));
  const { documents } = parseDocuments({ path: 'a.yaml', text });
  expect(
    plain.map(({ line }) => line),
    text,
  ).toEqual(documents.map(({ positionOf }) => positionOf('').line));
  return true;
}

const scalar = fc.oneof(
  fc.constantFrom(
    'cart',
    'a b',
    'x:1',
    '10.0.0.0/8',
    'true',
    'null',
    '1.5',
    '0x10',
    '-',
    '',
    '~',
    'on',
    '1_0',
    '+1',
    '.5',
  ),
  fc.string({ maxLength: 6 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const { value: valueArb } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b-c', 'name', 'null', 'app.kubernetes.io/x', '1', 'x y'), tie('value'), {
      maxKeys: 3,
    }),
  ),
}));

/** One character of a text taken out, put in or replaced. */
const editArb = fc.record({
  at: fc.nat(),
  cut: fc.nat({ max: 3 }),
  put: fc.constantFrom(
    '',
    ' ',
    '  ',
    '-',
    '- ',
    ':',
    ': ',
    '\n',
    '#',
    ' #',
    '"',
    "'",
    '{}',
    '[',
    '&a',
    '*a',
    '|',
    '!',
    '%',
    '---',
    '...',
    '<<',
    '1',
    'é',
    '\t',
    '?',
    ',',
  ),
});

describe('plain YAML', () => {
  it('is not read where a full parser is needed', () => {
    for (const text of [
      'a: |\n  x\n',
      'a: &x 1\n',
      'a: 1\na: 2\n',
      'a: [1,]\n',
      'a: {b}\n',
      'a: {b:c}\n',
      'a: [b: c]\n',
      'a: [1\n  ]\n',
      'a: x\n  y\n',
      'a: 1.50\n',
      'a: é\n',
      'a: b: c\n',
      'a: x # y\n',
      '<<: 1\n',
      '- - a\n',
      'a:\tb\n',
      'a',
      'null: 1\n',
    ])
      expect(readPlainYaml(text), text).toBeUndefined();
  });

  it('is read as the full parser reads it', () => {
    expect(expectSame(SERVICE)).toBe(true);
    expect(expectSame('')).toBe(true);
    expect(expectSame('---\n---\na: 1\n---\n# nothing\n')).toBe(true);
  });

  it('means the same to both parsers, whatever was written', () => {
    const written = fc
      .array(valueArb, { maxLength: 3 })
      .map((values) =>
        values
          .map((value, index) => stringify(value, { collectionStyle: index === 1 ? 'flow' : 'any', lineWidth: 0 }))
          .join('---\n'),
      );
    fc.assert(
      fc.property(written, (text) => void expectSame(text)),
      { numRuns: 300 },
    );
  });

  it('means the same to both parsers, however it was edited', () => {
    const edited = fc.array(editArb, { minLength: 1, maxLength: 3 }).map((edits) =>
      edits.reduce((text, { at, cut, put }) => {
        const place = at % text.length;
        return text.slice(0, place) + put + text.slice(place + cut);
      }, SERVICE),
    );
    fc.assert(
      fc.property(edited, (text) => void expectSame(text)),
      { numRuns: 1_000 },
    );
  });
});
