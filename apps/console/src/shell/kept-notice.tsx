import { Alert, Button } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import type { Draft } from './draft.js';

/** Says that what is shown was written before the page was opened, and how to begin anew. */
export function KeptNotice({ draft: { isKept, startAnew } }: { draft: Draft }): ReactNode {
  if (!isKept) return null;
  return (
    <Alert
      component="h2"
      isInline
      variant="info"
      title={messages.editor.kept}
      actionLinks={
        <Button variant="link" isInline onClick={startAnew}>
          {messages.editor.startAnew}
        </Button>
      }
    />
  );
}
