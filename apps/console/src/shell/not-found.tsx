import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { PageFrame } from './page-frame.js';

/** An address that leads nowhere. */
export function NotFound(): ReactNode {
  return (
    <PageFrame title={messages.states.notFound}>
      <Link to="/">{messages.states.home}</Link>
    </PageFrame>
  );
}
