import { CHAPTERS, issueAddress } from './chapters.js';

/** Where a link of the documentation leads in the product; text where that is no part of it. */
export type DocLink =
  { leads: 'here'; to: string; hash: string } | { leads: 'away'; href: string } | { leads: 'nowhere' };

const BASE = 'https://docs.invalid/';

/** What `href` means in a file below docs: another chapter, another site, or a file that the console does not have. */
export function docLink(href: string, file: string): DocLink {
  if (!URL.canParse(href, `${BASE}${file}`)) return { leads: 'nowhere' };
  const { origin, protocol, pathname, hash } = new URL(href, `${BASE}${file}`);
  if (`${origin}/` !== BASE) return protocol === 'https:' ? { leads: 'away', href } : { leads: 'nowhere' };
  const place = decodeURIComponent(hash.slice(1));
  const issue = /^ism\d{4}$/.test(place) ? place.toUpperCase() : undefined;
  const chapter = CHAPTERS.find((one) => `/${one.file}` === pathname);
  // Out of the folder and back to its root are one and the same to an address.
  if (chapter === undefined || isOutside(href, file)) return { leads: 'nowhere' };
  if (chapter.file === 'issues.md' && issue !== undefined) return { leads: 'here', to: issueAddress(issue), hash: '' };
  return { leads: 'here', to: chapter.to, hash: place };
}

function isOutside(href: string, file: string): boolean {
  let depth = file.split('/').length - 1;
  for (const part of href.split('/')) {
    if (part === '..') depth -= 1;
    if (depth < 0) return true;
  }
  return false;
}
