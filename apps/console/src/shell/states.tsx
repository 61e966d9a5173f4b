import {
  Alert,
  Bullseye,
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  Skeleton,
} from '@patternfly/react-core';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { CombinedGraphQLErrors } from '@apollo/client';
import { Link } from '@tanstack/react-router';
import { requestIdOf } from '../connection/client.js';
import { messages } from '../messages/messages.js';

/** What stands where content will be. */
export function Loading({ rows = 5 }: { rows?: number }): ReactNode {
  return (
    <div role="status" aria-label={messages.states.loading}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} className="isthmus-skeleton" width={`${90 - row * 8}%`} />
      ))}
    </div>
  );
}

/** Nothing is there, which is no fault; `children` says what to do about it. */
export function Nothing({ title, body, children }: { title: string; body?: string; children?: ReactNode }): ReactNode {
  return (
    <EmptyState titleText={title} headingLevel="h2" variant="sm">
      {body === undefined ? null : <EmptyStateBody>{body}</EmptyStateBody>}
      {children === undefined ? null : (
        <EmptyStateFooter>
          <EmptyStateActions>{children}</EmptyStateActions>
        </EmptyStateFooter>
      )}
    </EmptyState>
  );
}

function isForbidden(error: unknown): boolean {
  return (
    CombinedGraphQLErrors.is(error) && error.errors.every(({ extensions }) => extensions?.['code'] === 'FORBIDDEN')
  );
}

/** True where no answer came: browsers say so in words of their own. */
const isUnreachable = (error: Error): boolean => error instanceof TypeError;

/** Loading did not work: why, the number that the server's log has it under, and a way to try again. */
export function Failed({ error, again }: { error: Error; again?: () => void }): ReactNode {
  const id = requestIdOf(error);
  if (again && isForbidden(error)) return <NotAllowed error={error} />;
  return (
    <Alert
      variant="danger"
      component="h2"
      isInline
      title={isForbidden(error) ? messages.states.forbiddenDo : messages.states.failed}
      actionLinks={
        again ? (
          <Button variant="link" isInline onClick={again}>
            {messages.states.again}
          </Button>
        ) : undefined
      }
    >
      <p>{isUnreachable(error) ? messages.signIn.unreachable : error.message}</p>
      {id === undefined ? null : <p>{messages.states.requestId(id)}</p>}
    </Alert>
  );
}

function NotAllowed({ error }: { error: Error }): ReactNode {
  return (
    <Nothing title={messages.states.forbidden} body={`${error.message}. ${messages.states.forbiddenBody}`}>
      <Link to="/account">{messages.rights.yours}</Link>
      <Link to="/help/$slug" params={{ slug: 'roles' }}>
        {messages.rights.explained}
      </Link>
    </Nothing>
  );
}

interface BoundaryState {
  error: Error | undefined;
}

/** Keeps a fault in one page from taking the others with it. */
export class FaultBoundary extends Component<{ children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: undefined };

  static getDerivedStateFromError(error: Error): BoundaryState {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    reportError(new Error(`${error.message}${info.componentStack ?? ''}`, { cause: error }));
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <Bullseye>
        <Nothing title={messages.states.broken} body={`${messages.states.brokenBody} ${error.message}`}>
          <Button onClick={() => this.setState({ error: undefined })}>{messages.states.again}</Button>
        </Nothing>
      </Bullseye>
    );
  }
}
