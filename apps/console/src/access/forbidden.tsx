import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { Nothing } from '../shell/states.js';

const texts = messages.rights;

/** What one lacks the right for, which one, and where to look; `children` are other ways on. */
export function Forbidden({ title, lacking, children }: ForbiddenProps): ReactNode {
  return (
    <Nothing title={title} body={texts.lacking(lacking)}>
      {children}
      <Link to="/account">{texts.yours}</Link>
      <Link to="/help/$slug" params={{ slug: 'roles' }}>
        {texts.explained}
      </Link>
    </Nothing>
  );
}

interface ForbiddenProps {
  title: string;
  lacking: readonly string[];
  children?: ReactNode;
}
