import { CodeBlock, CodeBlockCode } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { Facts } from '../status/facts.js';
import { Instant } from '../shell/times.js';
import type { ShownResource } from './resource-document.js';

/** What every kind has, and what this one says. */
export function PlainDetails({ resource }: { resource: ShownResource }): ReactNode {
  const { labels, generation, createdAt, updatedAt, yaml } = resource;
  const specText = yaml.slice(Math.max(0, yaml.indexOf('\nspec:') + 1));
  return (
    <>
      <Facts
        facts={[
          [messages.list.generation, generation],
          [messages.resource.created, <Instant key="created" at={createdAt} />],
          [messages.list.updated, <Instant key="updated" at={updatedAt} />],
          [messages.resource.labels, labels.map(({ name, value }) => `${name}=${value}`).join(', ') || '–'],
        ]}
      />
      <CodeBlock className="isthmus-spec">
        <CodeBlockCode>{specText}</CodeBlockCode>
      </CodeBlock>
    </>
  );
}
