import { Alert, ClipboardCopy } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.js';

/** A secret that is shown now and never again. */
export function SecretOnce({ secret }: { secret: string }): ReactNode {
  return (
    <>
      <Alert isInline variant="success" component="h2" title={messages.tokens.secret} />
      <ClipboardCopy isReadOnly textAriaLabel={messages.tokens.title}>
        {secret}
      </ClipboardCopy>
    </>
  );
}
