import { Button } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { KINDS } from './kinds.js';
import type { ShownResource } from './resource-document.js';

/** The command that shows it. */
export function cliOf({ kind, name, projectName }: Pick<ShownResource, 'kind' | 'name' | 'projectName'>): string {
  const project = projectName && KINDS[kind].inProject ? ` --project ${projectName}` : '';
  return `isthmus get ${kind.toLowerCase()} ${name}${project} -o yaml`;
}

/** The query that gives it. */
export function graphqlOf({ kind, name, projectName }: Pick<ShownResource, 'kind' | 'name' | 'projectName'>): string {
  const project = projectName && KINDS[kind].inProject ? `, project: ${JSON.stringify(projectName)}` : '';
  return `{ resource(kind: ${kind}, name: ${JSON.stringify(name)}${project}) { name resourceVersion spec yaml } }`;
}

/** Puts the same thing for another interface into the clipboard. */
export function CopyAs({ resource }: { resource: ShownResource }): ReactNode {
  return (
    <CopyTexts
      texts={[
        [messages.resource.copyCli, cliOf(resource)],
        [messages.resource.copyGraphql, graphqlOf(resource)],
        [messages.resource.yaml, resource.yaml],
      ]}
    />
  );
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
