import { type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { limitErrors, measure } from './limits.js';

const sized = (query: string, variables = {}) => {
  const document = parse(query);
  return measure(document, document.definitions[0] as OperationDefinitionNode, variables);
};

const errorsOf = (query: string, limits = {}) => {
  const document = parse(query);
  const operation = document.definitions[0] as OperationDefinitionNode;
  const all = { depth: 3, aliases: 1, cost: 100, mutations: 2, ...limits };
  return limitErrors({ document, operation, variables: {} }, all).map(({ extensions }) => extensions['limit']);
};

describe('the size of an operation', () => {
  it('counts heavy fields several times, in each item of a page', () => {
    expect(sized('{ list(first: 3) { nodes { meshConfiguration { a } } } }').cost).toBe(1 + 3 + 3 * (1_000 + 1));
    expect(sized('{ a { sources { b } } }').cost).toBe(1 + 10 + 1);
  });

  it('counts nesting from 1', () => {
    expect(sized('{ a }').depth).toBe(1);
    expect(sized('{ a { b { c } } }').depth).toBe(3);
  });

  it('multiplies what lies in a page by its size', () => {
    expect(sized('{ list(first: 10) { nodes { a b } } }').cost).toBe(1 + 10 + 20);
  });

  it('takes the size of a page from a variable', () => {
    expect(sized('query ($n: Int) { list(first: $n) { nodes { a } } }', { n: 5 }).cost).toBe(1 + 5 + 5);
  });

  it('counts a page as the largest when its size is not known', () => {
    expect(sized('query ($n: Int) { list(first: $n) { nodes { a } } }').cost).toBe(1 + 100 + 100);
  });

  it('counts a page without size as 20', () => {
    expect(sized('{ list { edges { node { a } } } }').cost).toBe(1 + 20 + 20 + 20);
  });

  it('counts a page as one, too, where its items stand in fragments', () => {
    expect(sized('{ list { ... { nodes { a } } } }').cost).toBe(1 + 20 + 20);
    expect(sized('{ list { ...F } } fragment F on L { ...G } fragment G on L { nodes { a } }').cost).toBe(1 + 20 + 20);
    expect(sized('{ list { ...F } } fragment F on L { a }').cost).toBe(1 + 1);
  });

  it('looks through fragments', () => {
    expect(sized('{ ...F } fragment F on Query { a { b } }')).toMatchObject({ depth: 2, cost: 2 });
  });

  it('gives up on fragments that multiply without bound', () => {
    const levels = Array.from(
      { length: 30 },
      (_, level) => `fragment F${level} on Q { ...F${level + 1} ...F${level + 1} }`,
    );
    expect(sized(`{ ...F0 } ${levels.join(' ')} fragment F30 on Q { a }`).cost).toBe(Infinity);
  });
});

describe('limits', () => {
  it('refuse one level, alias or field too many, and take what just fits', () => {
    expect(errorsOf('{ a { b { c { d } } } }')).toEqual(['depth']);
    expect(errorsOf('{ a { b { c } } }')).toEqual([]);
    expect(errorsOf('{ x: a y: b }')).toEqual(['aliases']);
    expect(errorsOf('{ x: a b }')).toEqual([]);
    expect(errorsOf('{ list(first: 100) { a } }')).toEqual(['cost']);
    expect(errorsOf('{ list(first: 99) { a } }')).toEqual([]);
  });

  it('refuse a mutation that does too many things at once', () => {
    expect(errorsOf('mutation { a b c }')).toEqual(['mutations']);
    expect(errorsOf('mutation { a b }')).toEqual([]);
  });
});
