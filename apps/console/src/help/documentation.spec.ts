// @vitest-environment jsdom
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Token } from 'marked';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../shell/commands.js';
import { SECTIONS } from '../shell/sections.js';
import { chapterAt } from '../shell/help-link.js';
import { ALL_KINDS, KINDS } from '../resources/kinds.js';
import { BUILT_IN, chapterText } from './chapter-texts.js';
import { CHAPTERS, issueAddress } from './chapters.js';
import { docLink } from './doc-links.js';
import { docSearch, excerptOf } from './doc-search.js';
import { issueAreas } from './issue-entries.js';
import { headingsOf, tokensOf } from './markdown.js';
import { SHOWN_TYPES } from './markdown-view.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../../..');
const inRoot = (path: string): string => join(ROOT, path);

const pages = await Promise.all(
  CHAPTERS.map(async (chapter) => ({ chapter, tokens: tokensOf(await chapterText(chapter.file)) })),
);

interface Holder {
  type: string;
  tokens?: Token[];
  items?: Token[];
  header?: { tokens: Token[] }[];
  rows?: { tokens: Token[] }[][];
}

/** Every token of a page, whatever it lies in. */
function everyToken(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => {
    const { tokens: within = [], items = [], header = [], rows = [] }: Holder = token;
    const cells = [...header, ...rows.flat()].flatMap((cell) => cell.tokens);
    return [token, ...everyToken([...within, ...items, ...cells])];
  });
}

const codes = (await chapterText('issues.md').then(issueAreas)).flatMap(({ entries }) => entries);

describe('the documentation in the product', () => {
  it('has every page of docs and docs/policies as a chapter, at an address of its own', () => {
    const files = [
      ...readdirSync(inRoot('docs')).filter((name) => name.endsWith('.md')),
      ...readdirSync(inRoot('docs/policies')).map((name) => `policies/${name}`),
    ];
    expect(CHAPTERS.map(({ file }) => file).sort()).toEqual(files.sort());
    expect([...BUILT_IN].sort()).toEqual(files.sort());
    expect(new Set(CHAPTERS.map(({ to }) => to)).size).toBe(CHAPTERS.length);
  });

  it('has no link that leads to no chapter, to no heading of one, or to no file of the repository', () => {
    const anchors = new Map(
      pages.map(({ chapter, tokens }) => [chapter.to, new Set([...headingsOf(tokens).values()].map(({ id }) => id))]),
    );
    for (const { code } of codes) anchors.set(issueAddress(code), new Set());
    const dead = pages.flatMap(({ chapter, tokens }) =>
      everyToken(tokens).flatMap((token) => {
        if (token.type !== 'link') return [];
        const { href } = token as { href: string };
        const link = docLink(href, chapter.file);
        if (link.leads === 'away') return [];
        if (link.leads === 'here')
          return anchors.get(link.to)?.has(link.hash) === true || (anchors.has(link.to) && link.hash === '')
            ? []
            : [`${chapter.file}: ${href}`];
        const file = join(ROOT, 'docs', dirname(chapter.file), href);
        return existsSync(file) ? [] : [`${chapter.file}: ${href}`];
      }),
    );
    expect(dead).toEqual([]);
  });

  it('is shown whole: no page has a mark that the console does not know', () => {
    const unknown = pages.flatMap(({ chapter, tokens }) =>
      everyToken(tokens).flatMap(({ type, raw }) =>
        SHOWN_TYPES.includes(type) ? [] : [`${chapter.file}: ${type} ${raw}`],
      ),
    );
    expect(unknown).toEqual([]);
  });

  it('has an entry with title, cause and fix for every issue code', async () => {
    const text = await chapterText('issues.md');
    const published = [...text.matchAll(/^### (ISM\d{4})$/gm)].map(([, code]) => code);
    expect(codes.map(({ code }) => code)).toEqual(published);
    expect(published.length).toBeGreaterThan(300);
    for (const { title, cause, fix } of codes) for (const part of [title, cause, fix]) expect(part).not.toBe('');
  });

  it('is led to from every page of the navigation but itself, and from every editor', () => {
    const paths = SECTIONS.flatMap(({ items }) => items.map(({ to }) => to)).filter((to) => to !== '/help');
    const more = ['/service', '/revisions', '/onboard', '/create-global-namespace', '/clusters/east'];
    const editors = ALL_KINDS.map((kind) => `/edit/${KINDS[kind].slug}`);
    expect([...paths, ...more, ...editors].filter((path) => chapterAt(path) === undefined)).toEqual([]);
    expect(chapterAt('/help/sign-in')).toBeUndefined();
    expect(chapterAt('/edit/traffic-policies')?.to).toBe('/help/policies/traffic-policy');
    expect(chapterAt('/constructor')).toBeUndefined();
  });

  it('is found by Ctrl-K, chapter by chapter', () => {
    const known = new Set(COMMANDS.map(({ to }) => to));
    expect(CHAPTERS.filter(({ to }) => !known.has(to))).toEqual([]);
  });
});

describe('a link of the documentation', () => {
  it('leads nowhere out of the documentation, to what is no page, or to a program', () => {
    for (const href of [
      '../SECURITY.md',
      'adr/042-x.md',
      'schemas',
      '../docs/slo.md',
      'javascript:alert(1)',
      'http://x',
    ])
      expect(docLink(href, 'security.md'), href).toEqual({ leads: 'nowhere' });
  });

  it('leads to chapters, their parts, entries of issue codes, and other sites', () => {
    expect(docLink('slo.md#formulas', 'console.md')).toEqual({ leads: 'here', to: '/help/slo', hash: 'formulas' });
    expect(docLink('../issues.md#ism0707', 'policies/README.md')).toEqual({
      leads: 'here',
      to: '/help/issues/ISM0707',
      hash: '',
    });
    expect(docLink('#merge', 'policies/README.md')).toEqual({ leads: 'here', to: '/help/policies', hash: 'merge' });
    expect(docLink('https://sre.google', 'slo.md')).toEqual({ leads: 'away', href: 'https://sre.google' });
  });
});

describe('the search over the documentation', () => {
  it('finds nothing of what is nowhere written, and places that have every word', async () => {
    const find = await docSearch();
    expect(find('xyzzyplugh')).toEqual([]);
    expect(find('ISM0707')[0]?.to).toBe('/help/issues/ISM0707');
    expect(find('rate limits')[0]).toMatchObject({ to: '/help/policies/traffic-policy', hash: 'rate-limits' });
    expect(find('backu').some(({ hash }) => hash === 'backup')).toBe(true);
  });

  it('shows the words around what was searched for, without marks', () => {
    const text = `${'before '.repeat(60)}see [the page](page.md) of \`budgets\` ${'after '.repeat(60)}`;
    const shown = excerptOf({ to: '', hash: '', chapter: '', heading: '', text }, 'BUDGETS');
    expect(shown).toMatch(/^… .*see the page of budgets .* …$/);
    expect(shown.length).toBeLessThan(260);
  });
});
