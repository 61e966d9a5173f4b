import { CHAPTERS } from '../help/chapters.js';
import { helpMessages } from '../help/help-messages.js';
import { messages } from '../messages/messages.js';
import { ALL_KINDS, KINDS, type ResourceKind } from '../resources/kinds.js';
import { SECTIONS } from './sections.js';

/** Somewhere to go. */
export interface Command {
  title: string;
  to: string;
  search: Readonly<Record<string, string>>;
  /** What is made there. */
  makes?: ResourceKind;
  /** A place on the page. */
  hash?: string;
}

/** Every page, the beginning of everything that can be made, and every chapter. */
export const COMMANDS: readonly Command[] = [
  ...SECTIONS.flatMap(({ items }) => items.map(({ title, to }) => ({ title, to, search: {} }))),
  { title: messages.onboard.title, to: '/onboard', search: {}, makes: 'Cluster' },
  ...ALL_KINDS.filter((kind) => kind !== 'Cluster').map((kind) => ({
    title: messages.list.create(KINDS[kind].one),
    to: `/edit/${KINDS[kind].slug}`,
    search: {},
    makes: kind,
  })),
  ...CHAPTERS.map(({ title, to }) => ({ title: helpMessages.chapter(title), to, search: {} })),
];

/** Those that have every word of the text, in any order and case; those that begin with it first. */
export function matching(commands: readonly Command[], text: string): Command[] {
  const wanted = text.toLowerCase();
  const words = wanted.split(/\s+/);
  const begins = ({ title }: Command): number => (title.toLowerCase().startsWith(wanted) ? 0 : 1);
  return commands
    .filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)))
    .sort((a, b) => begins(a) - begins(b));
}
