import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { issueAddress } from '../help/chapters.js';
import { messages } from '../messages/messages.js';

interface IssueWayProps {
  code: string;
  /** What leads there; words of its own if not given. */
  children?: string;
}

/** The way to what is written about an issue code. */
export function IssueWay({ code, children }: IssueWayProps): ReactNode {
  return <Link to={issueAddress(code)}>{children ?? messages.issues.more(code)}</Link>;
}
