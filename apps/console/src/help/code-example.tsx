import { Button } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { helpMessages as texts } from './help-messages.js';

/** A text to be used elsewhere, which can be copied. */
export function CodeExample({ label, text }: { label: string; text: string }): ReactNode {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="isthmus-example">
      <pre tabIndex={0} role="region" aria-label={label}>
        <code>{text}</code>
      </pre>
      <Button variant="link" isInline onClick={() => void copy()} aria-label={`${texts.copy}: ${label}`}>
        {isCopied ? texts.copied : texts.copy}
      </Button>
    </div>
  );
}
