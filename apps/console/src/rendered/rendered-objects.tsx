import { Alert, Button, Content, Label } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { IssueList } from '../issues/issue-list.js';
import { DiffView } from '../resources/diff-view.js';
import { Pager } from '../resources/pager.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Nothing } from '../shell/states.js';
import type { Configuration } from './rendered-document.js';
import { RenderedFilter } from './rendered-filter.js';
import { renderedMessages as texts } from './rendered-messages.js';
import { renderedSearch, type RenderedSearch } from './rendered-search.js';
import { Sources } from './sources.js';
import { Expandable } from '../shell/expandable.js';

type ShownObject = Configuration['objects']['nodes'][number];

/** What is rendered somewhere: each object as YAML, with what it comes from; what is shown is in the address. */
export function RenderedObjects({ configuration }: { configuration: Configuration }): ReactNode {
  const { inventoryKnown, kinds, issues, omittedNamespaces } = configuration;
  if (!inventoryKnown) return <Nothing title={texts.noInventory} body={texts.noInventoryBody} />;
  return (
    <>
      {omittedNamespaces > 0 ? (
        <Alert component="h2" isInline variant="info" title={texts.omitted(omittedNamespaces)} />
      ) : null}
      {issues.length === 0 ? null : <IssueList issues={issues} />}
      {kinds.length === 0 ? (
        <Nothing title={texts.nothing} body={texts.nothingBody} />
      ) : (
        <>
          <RenderedFilter kinds={kinds} places={configuration.namespaces} />
          <Listed objects={configuration.objects} />
        </>
      )}
    </>
  );
}

function Listed({ objects }: { objects: Configuration['objects'] }): ReactNode {
  const search = useAddress(renderedSearch);
  const change = useChangeAddress<RenderedSearch>();
  const { project, tab, of, after } = search;
  if (objects.nodes.length === 0)
    return (
      <Nothing title={texts.noMatch}>
        <Button variant="link" onClick={() => change({ project, tab, of })}>
          {texts.clear}
        </Button>
      </Nothing>
    );
  return (
    <>
      <ul className="isthmus-plain" aria-label={texts.tab}>
        {objects.nodes.map((one) => (
          <li key={`${one.apiVersion} ${one.kind} ${one.namespace ?? ''} ${one.name} ${one.globalNamespace.name}`}>
            <OneObject object={one} />
          </li>
        ))}
      </ul>
      <Pager page={objects} isFirst={after === undefined} go={(to) => change({ ...search, after: to })} />
    </>
  );
}

function OneObject({
  object: { kind, namespace, name, side, host, yaml, sources },
}: {
  object: ShownObject;
}): ReactNode {
  return (
    <>
      <Expandable
        className="isthmus-object"
        title={
          <>
            {kind} {namespace === null ? '' : `${namespace}/`}
            {name}
          </>
        }
      >
        <DiffView label={`${kind} ${name}`} diff={yaml} />
      </Expandable>
      <div className="isthmus-object-facts">
        <Label isCompact variant="outline">
          {texts.sides[side]}
        </Label>
        {host === null ? null : <Content component="small">{host}</Content>}
        <Sources sources={sources} />
      </div>
    </>
  );
}
