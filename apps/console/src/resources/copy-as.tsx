import { Button } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { resourceCopies, type Copies } from './copies.js';
import type { ShownResource } from './resource-document.js';

/** Puts the same thing for another interface into the clipboard. */
export function CopyAs({ resource }: { resource: ShownResource }): ReactNode {
  return <CopyLines copies={resourceCopies(resource)} yaml={resource.yaml} />;
}

/** The same for what is shown of anything else. */
export function CopyLines({ copies, yaml }: { copies: Copies; yaml?: string }): ReactNode {
  const texts: [string, string | undefined][] = [
    [messages.resource.copyCli, copies.cli],
    [messages.resource.copyGraphql, copies.graphql],
    [messages.resource.yaml, yaml],
  ];
  return <CopyTexts texts={texts.flatMap(([what, text]) => (text === undefined ? [] : [[what, text] as const]))} />;
}

/** Puts one of several texts into the clipboard, by what each is for. */
export function CopyTexts({ texts }: { texts: readonly (readonly [what: string, text: string])[] }): ReactNode {
  const [copied, setCopied] = useState<string | undefined>(undefined);
  const copy = async (what: string, text: string): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(what);
  };
  return (
    <span className="isthmus-copies">
      {texts.map(([what, text]) => (
        <Button key={what} variant="link" isInline onClick={() => void copy(what, text)}>
          {messages.resource.copyAs(what)}
        </Button>
      ))}
      <span role="status" className="pf-v6-screen-reader">
        {copied === undefined ? '' : `${copied}: ${messages.resource.copied}`}
      </span>
    </span>
  );
}
