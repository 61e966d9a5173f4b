import { Button } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { forgetDrafts } from '../connection/session.js';
import { messages } from '../messages/messages.js';
import { useSession } from './session-context.js';

/** Ends a browser's session on the server, which leads on to the identity provider; a token is forgotten. */
export function SignOut(): ReactNode {
  const session = useSession();
  const leave = (): void => {
    forgetDrafts(sessionStorage);
    if (session.standing() === 'token') session.leave();
  };
  if (session.standing() === 'token')
    return (
      <Button variant="plain" onClick={leave}>
        {messages.signIn.out}
      </Button>
    );
  return (
    <form method="post" action="/auth/logout" onSubmit={leave}>
      <Button variant="plain" type="submit">
        {messages.signIn.out}
      </Button>
    </form>
  );
}
