// @vitest-environment jsdom
import { InMemoryCache } from '@apollo/client';
import { Kind, print, type DocumentNode } from 'graphql';
import { expect, it, vi } from 'vitest';

const made: DocumentNode[] = vi.hoisted(() => []);
vi.mock('./graphql.js', async (load) => {
  const { graphql } = await load<{ graphql: (...given: unknown[]) => DocumentNode }>();
  const recorded = (...given: unknown[]): DocumentNode => {
    const document = graphql(...given);
    made.push(document);
    return document;
  };
  return { graphql: recorded };
});

it('the documents that the build lists are those that the console sends', async () => {
  const modules = import.meta.glob('../**/*.{ts,tsx}', { exhaustive: true }) as Record<string, () => Promise<unknown>>;
  const sources = Object.entries(modules).filter(
    ([path]) => !/\.(spec|fixture)\.tsx?$|\/main\.tsx$|\.d\.ts$/.test(path),
  );
  for (const [, load] of sources) await load();
  const cache = new InMemoryCache();
  const sent = made
    .filter(({ definitions }) => definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION))
    .map((document) => print(cache.transformDocument(document)));
  const folder = `${import.meta.dirname}/..`;
  const lib = `${folder}/../documents.mjs`;
  const { consoleDocuments } = (await import(/* @vite-ignore */ lib)) as {
    consoleDocuments: (folder: string) => Record<string, string>;
  };
  const listed = Object.values(consoleDocuments(folder));
  expect(sent.length).toBeGreaterThan(10);
  expect(listed.sort()).toEqual(sent.sort());
});
