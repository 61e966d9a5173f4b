import { Label, LabelGroup } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { KINDS, type ResourceKind } from '../resources/kinds.js';
import { ResourceLink } from '../resources/resource-link.js';
import { renderedMessages as texts } from './rendered-messages.js';

interface ShownSource {
  kind: string;
  project: string;
  name: string;
}

/** What an object comes from, each with a way to it. */
export function Sources({ sources }: { sources: readonly ShownSource[] | null }): ReactNode {
  if (sources === null) return <p>{texts.fromUnknown}</p>;
  return (
    <LabelGroup categoryName={texts.from} numLabels={20}>
      {sources.map((one) => (
        <Label key={`${one.kind}/${one.project}/${one.name}`} variant="outline">
          <SourceLink source={one} />
        </Label>
      ))}
    </LabelGroup>
  );
}

function SourceLink({ source: { kind, project, name } }: { source: ShownSource }): ReactNode {
  const known = kind in KINDS ? (kind as ResourceKind) : undefined;
  // What is not the reader's to see has no page for him, and no name.
  if (known === undefined || name.startsWith('(')) return `${known ? KINDS[known].one : kind} ${name}`;
  return (
    <ResourceLink kind={known} name={name} project={project}>
      {KINDS[known].one} {name}
    </ResourceLink>
  );
}
