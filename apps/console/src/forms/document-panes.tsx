import { Grid, GridItem, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { NotHere } from '../access/not-here.js';
import { projectsIn, type PlaceToCreate } from '../access/places-to-create.js';
import type { ShownIssue } from '../issues/issue-list.js';
import { messages } from '../messages/messages.js';
import type { ResourceKind } from '../resources/kinds.js';
import { editorSearch, VIEWS } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Failed, Loading } from '../shell/states.js';
import { DocumentForm } from './document-form.js';
import { loadSchema, type FieldSchema } from './field-schema.js';
import { lineOfField } from './issue-places.js';
import { projectIn, readText, valueAt, type Reading } from './plain-text.js';
import { YamlPane } from './yaml-pane.js';

/** An issue of a document that was looked at, with its line there. */
export interface DocumentIssue extends ShownIssue {
  source?: { line: number } | null;
  resource?: { kind: string; name: string } | null;
}

interface DocumentPanesProps {
  kind: ResourceKind;
  text: string;
  write: (text: string) => void;
  issues: readonly DocumentIssue[];
  /** Where something new of the kind may be made; undefined: it is not known, or nothing new is written. */
  places?: readonly PlaceToCreate[] | undefined;
}

/** The document as a form and as text, side by side: one text, whichever side writes it. Which sides are shown is in the address. */
export function DocumentPanes({ kind, text, write, issues, places }: DocumentPanesProps): ReactNode {
  const search = useAddress(editorSearch);
  const change = useChangeAddress<typeof search>();
  const { schema, error } = useSchema(kind);
  const reading = useMemo(() => readText(text, kind), [text, kind]);
  const projects = useMemo(() => projectsIn(places), [places]);
  const { view = 'both' } = search;
  const width = view === 'both' ? 6 : 12;
  const own = useMemo(() => ownIssues(reading, issues), [reading, issues]);
  const lines = own.map((issue) => ({
    issue,
    line: 'fault' in reading ? (issue.source?.line ?? 1) : lineOfField(reading, issue.path),
  }));
  return (
    <>
      {'fault' in reading ? null : <NotHere {...{ kind, places }} project={projectIn(reading.value)} />}
      <ToggleGroup aria-label={messages.forms.views} className="isthmus-views">
        {VIEWS.map((one) => (
          <ToggleGroupItem
            key={one}
            text={messages.forms.view[one]}
            buttonId={`view-${one}`}
            isSelected={view === one}
            onChange={() => change({ ...search, view: one }, { replace: true })}
          />
        ))}
      </ToggleGroup>
      <Grid hasGutter>
        {view === 'yaml' ? null : (
          <GridItem xl={width} className="isthmus-pane">
            {error === undefined ? null : <Failed error={error} />}
            {schema === undefined && error === undefined ? <Loading /> : null}
            {schema === undefined ? null : <DocumentForm {...{ schema, reading, projects, write }} issues={own} />}
          </GridItem>
        )}
        {view === 'form' ? null : (
          <GridItem xl={width}>
            <YamlPane text={text} write={write} issues={lines} />
          </GridItem>
        )}
      </Grid>
    </>
  );
}

/** What is wrong with this document, and not with another one that it concerns. */
function ownIssues(reading: Reading, issues: readonly DocumentIssue[]): readonly DocumentIssue[] {
  if ('fault' in reading) return issues;
  const name = valueAt(reading.value, ['metadata', 'name']);
  return issues.filter(
    ({ resource }) => !resource || (resource.kind === reading.value['kind'] && resource.name === name),
  );
}

function useSchema(kind: ResourceKind): { schema?: FieldSchema; error?: Error } {
  const [state, setState] = useState<{ schema?: FieldSchema; error?: Error }>({});
  useEffect(() => {
    let isGone = false;
    const set = (next: typeof state): void => (isGone ? undefined : setState(next));
    loadSchema(kind).then(
      (schema) => set({ schema }),
      (error: unknown) => set({ error: error instanceof Error ? error : new Error(String(error)) }),
    );
    return () => {
      isGone = true;
    };
  }, [kind]);
  return state;
}
