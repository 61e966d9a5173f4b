import { Nav, NavGroup, NavItem } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { SECTIONS, type Item } from './sections.js';

/** Ways to every page; the one that is open is marked. */
export function Navigation({ path }: { path: string }): ReactNode {
  const isHere = ({ to }: Item): boolean => (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`));
  return (
    <Nav aria-label={messages.navigation.label}>
      {SECTIONS.map(({ title, items }) => (
        <NavGroup key={title} title={title}>
          {items.map((item) => (
            <NavItem key={item.to} itemId={item.to} isActive={isHere(item)} preventDefault={false}>
              <Link to={item.to}>{item.title}</Link>
            </NavItem>
          ))}
        </NavGroup>
      ))}
    </Nav>
  );
}
