import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { docLink } from './doc-links.js';

interface DocLinkProps {
  href: string;
  /** In which the link stands. */
  file: string;
  children: ReactNode;
}

/** A link of the documentation; its text alone where it leads to what is no part of the product. */
export function DocLinkView({ href, file, children }: DocLinkProps): ReactNode {
  const link = docLink(href, file);
  if (link.leads === 'nowhere') return children;
  if (link.leads === 'away')
    return (
      <a href={link.href} rel="noreferrer">
        {children}
      </a>
    );
  return (
    <Link to={link.to} {...(link.hash === '' ? {} : { hash: link.hash })}>
      {children}
    </Link>
  );
}
