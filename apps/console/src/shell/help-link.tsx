import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { chapterOfKind, chapterOfPage, type Chapter } from '../help/chapters.js';
import { helpMessages } from '../help/help-messages.js';
import { kindOfSlug } from '../resources/kinds.js';
import { useShownPath } from './address.js';

/** The chapter that explains what is shown at a path; undefined where none does. */
export function chapterAt(path: string): Chapter | undefined {
  const [, first = '', second = ''] = path.split('/');
  const kind = kindOfSlug(first === 'edit' ? second : first);
  return kind === undefined ? chapterOfPage(first) : chapterOfKind(kind);
}

/** A way from a page to what is written about it. */
export function HelpLink(): ReactNode {
  const chapter = chapterAt(useShownPath());
  if (chapter === undefined) return null;
  return (
    <Link to={chapter.to} className="isthmus-help-link">
      {helpMessages.chapter(chapter.title)}
    </Link>
  );
}
