import { lexer, type Token } from 'marked';

/** A heading of a page. */
export interface Heading {
  /** What comes after # in an address. */
  id: string;
  text: string;
  depth: number;
}

/** A part of a page from one heading to the next. */
export interface Section {
  heading: Heading;
  text: string;
}

/** The tokens of a text, without the title that the page has anyway. */
export function tokensOf(markdown: string): Token[] {
  return lexer(markdown).filter((token) => !(token.type === 'heading' && (token as { depth: number }).depth === 1));
}

/** Text without its marks. */
export function plainText(token: Token): string {
  const { tokens, text } = token as { tokens?: Token[]; text?: string };
  if (tokens !== undefined) return tokens.map(plainText).join('');
  return text ?? '';
}

/** Headings by their tokens, each with the anchor that it has on GitHub, so that links mean the same in both places. */
export function headingsOf(tokens: readonly Token[]): Map<Token, Heading> {
  const taken = new Map<string, number>();
  const found = new Map<Token, Heading>();
  for (const token of tokens) {
    if (token.type !== 'heading') continue;
    const text = plainText(token);
    const slug = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const before = taken.get(slug) ?? 0;
    taken.set(slug, before + 1);
    const id = before === 0 ? slug : `${slug}-${String(before)}`;
    found.set(token, { id, text, depth: (token as { depth: number }).depth });
  }
  return found;
}

/** What is below each heading; what is above the first one has the title of the page and no anchor. */
export function sectionsOf(markdown: string, title: string): Section[] {
  const tokens = tokensOf(markdown);
  const headings = headingsOf(tokens);
  const sections: Section[] = [{ heading: { id: '', text: title, depth: 1 }, text: '' }];
  for (const token of tokens) {
    const heading = headings.get(token);
    if (heading !== undefined) sections.push({ heading, text: '' });
    const last = sections.at(-1);
    if (heading === undefined && last !== undefined) last.text += `${token.raw.trim()}\n`;
  }
  return sections;
}
