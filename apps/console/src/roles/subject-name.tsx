import { Content, Label } from '@patternfly/react-core';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { mayAll, type ShownRights } from '../access/viewer-rights.js';
import { messages } from '../messages/messages.js';
import type { ShownBinding } from './binding-parts.js';

type Subject = ShownBinding['subject'];

const texts = messages.roles;

/** Whom a role is granted to, in words: by name where that may be known, by id otherwise. */
export function subjectText({ kind, id, name, email }: Subject): string {
  const who = `${texts.subjects[kind]} ${name ?? id}`;
  return email === null ? who : `${who} (${email})`;
}

interface SubjectNameProps {
  subject: Subject;
  /** Of the one who looks: ways to pages that he may not see are not offered. */
  rights: ShownRights | null | undefined;
}

/** The same with a way to whom it is, and the id below a name. */
export function SubjectName({ subject, rights }: SubjectNameProps): ReactNode {
  const { kind, id, name, deleted } = subject;
  const way = name === null ? undefined : wayTo(subject, name);
  const isOpen = way !== undefined && mayAll(rights, [way.needed]) === true;
  return (
    <>
      {isOpen ? <Link {...way.link}>{subjectText(subject)}</Link> : subjectText(subject)}{' '}
      {deleted ? (
        <Label isCompact status="warning">
          {texts.deleted}
        </Label>
      ) : null}
      {name === null || kind === 'GROUP' ? null : (
        <Content component="small">
          <code>{id}</code>
        </Content>
      )}
    </>
  );
}

interface Way {
  link: Pick<LinkProps, 'to' | 'search'>;
  /** The right to see the page. */
  needed: string;
}

function wayTo({ kind, id, email }: Subject, name: string): Way {
  switch (kind) {
    case 'USER':
      return { link: { to: '/people', search: { search: email ?? name } }, needed: 'sessions.manage' };
    case 'GROUP':
      return { link: { to: '/people', search: { search: id } }, needed: 'sessions.manage' };
    case 'SERVICE_ACCOUNT':
      return { link: { to: '/service-accounts', search: { name } }, needed: 'tokens.manage' };
    case 'TOKEN':
      return { link: { to: '/tokens' }, needed: 'tokens.manage' };
  }
}
