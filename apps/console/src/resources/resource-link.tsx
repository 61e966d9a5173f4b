import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { KINDS, type ResourceKind } from './kinds.js';

interface ResourceLinkProps {
  kind: ResourceKind;
  name: string;
  project?: string | null | undefined;
  children?: ReactNode;
}

/** A way to the page of a resource. */
export function ResourceLink({ kind, name, project, children }: ResourceLinkProps): ReactNode {
  const search = project && KINDS[kind].inProject ? { project } : {};
  return (
    <Link to="/$slug/$name" params={{ slug: KINDS[kind].slug, name }} search={search}>
      {children ?? name}
    </Link>
  );
}
