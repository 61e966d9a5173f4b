import MiniSearch from 'minisearch';
import { chapterText } from './chapter-texts.js';
import { CHAPTERS, issueAddress, type Chapter } from './chapters.js';
import { issueAreas } from './issue-entries.js';
import { sectionsOf } from './markdown.js';

/** A place in the documentation. */
export interface Place {
  to: string;
  hash: string;
  chapter: string;
  /** Of the part of the chapter; the chapter's own where it is the part above its first heading. */
  heading: string;
  text: string;
}

function placesOf({ file, to, title }: Chapter, markdown: string): Place[] {
  if (file !== 'issues.md')
    return sectionsOf(markdown, title).map(({ heading, text }) => ({
      to,
      hash: heading.id,
      chapter: title,
      heading: heading.text,
      text,
    }));
  const entries = issueAreas(markdown).flatMap((area) => area.entries);
  return entries.map((entry) => ({
    to: issueAddress(entry.code),
    hash: '',
    chapter: title,
    heading: `${entry.code}: ${entry.title}`,
    text: `${entry.cause} ${entry.fix}`,
  }));
}

/** Finds places in the documentation by words, whole or begun, the likeliest first. */
export type DocSearch = (text: string) => Place[];

async function makeSearch(): Promise<DocSearch> {
  const found = await Promise.all(CHAPTERS.map(async (one) => placesOf(one, await chapterText(one.file))));
  const places = found.flat();
  const index = new MiniSearch<Place & { id: number }>({
    fields: ['heading', 'chapter', 'text'],
    searchOptions: { boost: { heading: 4, chapter: 2 }, prefix: true, combineWith: 'AND' },
  });
  index.addAll(places.map((place, id) => ({ id, ...place })));
  return (text) =>
    index.search(text).flatMap(({ id }) => {
      const place = places[Number(id)];
      return place === undefined ? [] : [place];
    });
}

let made: Promise<DocSearch> | undefined;

/** The search over all chapters, which are read when it is asked for first; anew where they could not be read. */
export async function docSearch(): Promise<DocSearch> {
  made ??= makeSearch();
  try {
    return await made;
  } catch (error) {
    made = undefined;
    throw error;
  }
}

const AROUND = 120;

/** The words of a place around the first one that was searched for, without marks of Markdown. */
export function excerptOf({ text }: Place, searched: string): string {
  const plain = text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*|#>]|-{3,}/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const words = searched.toLowerCase().split(/\s+/).filter(Boolean);
  const at = words.map((word) => plain.toLowerCase().indexOf(word)).filter((place) => place >= 0);
  const from = Math.max(0, Math.min(...(at.length === 0 ? [0] : at)) - AROUND / 2);
  const end = from + 2 * AROUND;
  return `${from > 0 ? '… ' : ''}${plain.slice(from, end)}${end < plain.length ? ' …' : ''}`;
}
