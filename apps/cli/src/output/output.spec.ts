import { issue } from '@isthmus/domain';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { kindNamed } from '../online/kinds.js';
import { parseLabels, parseSelector } from '../online/label-selector.js';
import { isPlaintext, serverOf } from '../online/server.js';
import { issueCounts, issueLines } from './issue-lines.js';
import { age, table } from './table.js';

const plain = pc.createColors(false);

describe('issues as lines', () => {
  it('begin with the place, and name cluster, field and hint where there are any', () => {
    const one = issue('ISM0115', {
      path: 'spec.gateways',
      message: 'none',
      hint: 'add one',
      cluster: 'east',
      resource: { kind: 'GlobalNamespace', name: 'shop', project: 'default' },
    });
    expect(issueLines([one], plain)).toBe(
      'GlobalNamespace/default/shop ISM0115 ERROR [east] spec.gateways: none\n    hint: add one\n',
    );
    const source = { file: 'a.yaml', line: 3, column: 7 };
    expect(issueLines([{ ...one, source, hint: undefined }], plain)).toMatch(/^a.yaml:3:7 ISM0115 ERROR/);
  });

  it('show an error however many warnings there are, and say how many are left out', () => {
    const warnings = Array.from({ length: 500 }, (_, index) => issue('ISM0125', { message: `m${index}` }));
    const text = issueLines([...warnings, issue('ISM0001', { message: 'the error' })], plain);
    expect(text).toContain('the error');
    expect(text).toContain('… and 480 more');
    expect(issueCounts(warnings)).toBe('500 warnings');
  });
});

describe('a table', () => {
  it('lets no cell move the cursor, and shows empty ones', () => {
    expect(
      table(
        ['A', 'B'],
        [
          ['x\u001b[2J', ''],
          ['longer', 'y'],
        ],
      ),
    ).toBe('A       B\nx?[2J   -\nlonger  y\n');
  });

  it.each([
    ['2026-01-01T00:00:00Z', '0s'],
    ['2025-12-31T23:58:01Z', '119s'],
    ['2025-12-31T23:58:00Z', '2m'],
    ['2025-12-31T22:00:00Z', '2h'],
    ['2025-12-30T00:00:00Z', '2d'],
    ['2026-01-02T00:00:00Z', '0s'],
    ['nonsense', '-'],
  ])('says the age of %s as %s', (since, text) => {
    expect(age(since, new Date('2026-01-01T00:00:00Z'))).toBe(text);
  });
});

describe('words of the user', () => {
  it.each(['gns', 'GlobalNamespace', 'global-namespaces', 'globalnamespaces'])('name a kind: %s', (word) => {
    expect(kindNamed(word)).toBe('GlobalNamespace');
  });
  it('that name no kind are refused with the nearest', () => {
    expect(() => kindNamed('polices')).toThrow('unknown kind "polices"');
  });
  it.each(['a', 'a=b=c', 'a!=b', '=b', 'a b=c', ''])('are no labels: %j', (text) => {
    expect(() => parseLabels(text)).toThrow('--prune takes labels');
  });
  it.each(['', 'a,', 'a=b=c', '=b', 'a b c', 'a in', 'a in (b', 'a in b', 'a notin (b c)', '!', '!a=b', 'a in ((b))'])(
    'are no selector: %j',
    (text) => {
      expect(() => parseSelector(text)).toThrow('-l takes tier=app');
    },
  );
  it('are a selector as kubectl writes it', () => {
    expect(parseSelector('tier=app, example.com/site!=us,env in (dev, test),kind notin (a),team,!old,empty=')).toEqual([
      { key: 'tier', operator: 'IN', values: ['app'] },
      { key: 'example.com/site', operator: 'NOT_IN', values: ['us'] },
      { key: 'env', operator: 'IN', values: ['dev', 'test'] },
      { key: 'kind', operator: 'NOT_IN', values: ['a'] },
      { key: 'team', operator: 'EXISTS' },
      { key: 'old', operator: 'DOES_NOT_EXIST' },
      { key: 'empty', operator: 'IN', values: [''] },
    ]);
  });
  it('are labels with one or two equals signs', () => {
    expect(parseLabels('a=b, example.com/c==d')).toEqual([
      { name: 'a', value: 'b' },
      { name: 'example.com/c', value: 'd' },
    ]);
  });
});

describe('the address of a server', () => {
  it.each(['x', 'file:///etc/passwd', 'https://user@example.com', 'javascript:1'])('is refused: %s', (address) => {
    expect(serverOf(address, 't').ok).toBe(false);
  });
  it.each([
    ['https://a.example', 'https://a.example/graphql', false],
    ['https://a.example/isthmus/', 'https://a.example/isthmus/graphql', false],
    ['http://a.example/graphql', 'http://a.example/graphql', true],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/graphql', false],
    ['http://127.0.0.1.evil.example', 'http://127.0.0.1.evil.example/graphql', true],
  ])('%s is %s', (address, url, plaintext) => {
    const server = serverOf(address, 't');
    if (!server.ok) throw new Error('refused');
    expect([server.value.url.href, isPlaintext(server.value)]).toEqual([url, plaintext]);
  });
  it('takes no token that could break out of its header', () => {
    expect(serverOf('https://a.example', 'a\r\nx: y').ok).toBe(false);
  });
});
