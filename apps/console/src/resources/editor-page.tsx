import { useQuery } from '@apollo/client/react';
import { ActionList, Alert, Button } from '@patternfly/react-core';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, type ReactNode } from 'react';
import { Forbidden } from '../access/forbidden.js';
import { NotHere } from '../access/not-here.js';
import { beginningIn, mayCreateIn, usePlaces, type PlaceToCreate } from '../access/places-to-create.js';
import { graphql } from '../connection/graphql.js';
import { DocumentPanes, type DocumentIssue } from '../forms/document-panes.js';
import { IssueList } from '../issues/issue-list.js';
import { messages } from '../messages/messages.js';
import { editorSearch } from '../search-params.js';
import { useAddress, usePathPart } from '../shell/address.js';
import { useDraft, type Draft } from '../shell/draft.js';
import { KeptNotice } from '../shell/kept-notice.js';
import { part } from '../shell/later.js';
import { NotFound } from '../shell/not-found.js';
import { PageFrame } from '../shell/page-frame.js';
import { Failed, Loading, Nothing } from '../shell/states.js';
import { emptyDocument, withVersion } from './document-text.js';
import { KINDS, kindOfSlug, type ResourceKind } from './kinds.js';
import type { Answer } from './apply-document.js';
import { ResourceLink } from './resource-link.js';
import { PreviewView } from './preview-view.js';
import { TakenNames } from './taken-names.js';
import { useApply, type Seen } from './use-apply.js';

const MergeView = lazy(() => part(() => import('../merge/merge-view.js'), 'MergeView'));

const texts = messages.editor;

const Edited = graphql(`
  query Edited($kind: ResourceKind!, $name: String!, $project: String) {
    resource(kind: $kind, name: $name, project: $project) {
      id
      resourceVersion
      yaml
      viewerCanUpdate
    }
  }
`);

/** Writes a resource as YAML: nothing is applied before what it changes was looked at. */
export function EditorPage(): ReactNode {
  const { name, project } = useAddress(editorSearch);
  const kind = kindOfSlug(usePathPart('slug'));
  if (kind === undefined) return <NotFound />;
  if (name === undefined) return <NewEditor key={kind} kind={kind} project={project} />;
  return <ExistingEditor key={`${kind}/${project ?? ''}/${name}`} kind={kind} name={name} project={project} />;
}

interface NewEditorProps {
  kind: ResourceKind;
  /** Where it was asked for. */
  project: string | undefined;
}

function NewEditor({ kind, project }: NewEditorProps): ReactNode {
  const { one, slug, inProject } = KINDS[kind];
  const title = texts.newTitle(one);
  const { places, isAsked } = usePlaces(kind);
  if (isAsked)
    return (
      <PageFrame title={title}>
        <Loading />
      </PageFrame>
    );
  if (places === undefined || mayCreateIn(places, inProject ? project : undefined))
    return <Editor {...{ kind, title, places }} first={emptyDocument(kind, beginningIn(places, project))} isNew />;
  return (
    <PageFrame title={title}>
      {places.length > 0 && project !== undefined ? <NotHere {...{ kind, project, places }} /> : null}
      <Forbidden title={messages.rights.create(one)} lacking={[`${kind}.write`]}>
        <Link to="/$slug" params={{ slug }}>
          {KINDS[kind].many}
        </Link>
      </Forbidden>
    </PageFrame>
  );
}

function ExistingEditor({
  kind,
  name,
  project,
}: {
  kind: ResourceKind;
  name: string;
  project: string | undefined;
}): ReactNode {
  const variables = { kind, name, project: project ?? null };
  // Only once: what somebody else writes meanwhile must not replace the text under the hands of the one who edits.
  const { data, error, refetch } = useQuery(Edited, { variables, fetchPolicy: 'no-cache' });
  const title = texts.editTitle(name);
  const resource = data?.resource;
  if (resource && !resource.viewerCanUpdate)
    return (
      <PageFrame title={title}>
        <Forbidden title={messages.rights.edit(name)} lacking={[`${kind}.write`]}>
          <ResourceLink kind={kind} name={name} project={project}>
            {messages.rights.look}
          </ResourceLink>
        </Forbidden>
      </PageFrame>
    );
  if (resource)
    return <Editor kind={kind} title={title} first={withVersion(resource.yaml, resource.resourceVersion)} />;
  return (
    <PageFrame title={title}>
      {error === undefined ? null : <Failed error={error} again={() => void refetch()} />}
      {resource === null ? <Nothing title={messages.resource.missing(KINDS[kind].one, name)} /> : null}
      {data === undefined && error === undefined ? <Loading /> : null}
    </PageFrame>
  );
}

interface EditorProps {
  kind: ResourceKind;
  title: string;
  first: string;
  /** True where nothing of the name may be there: a form for something new writes over nothing. */
  isNew?: boolean;
  /** Where something new of the kind may be made, as far as it is known. */
  places?: readonly PlaceToCreate[] | undefined;
}

function Editor({ kind, title, first, isNew = false, places }: EditorProps): ReactNode {
  const draft = useDraft(first);
  const { text, write } = draft;
  const { seen, error, isBusy, mayApply, ask, forget } = useApply(text, isNew);
  const navigate = useNavigate();
  const outcome = useRef<HTMLElement>(null);
  useEffect(() => {
    // Below a long document nobody would see that something came of it.
    if (seen !== undefined || error !== undefined) outcome.current?.scrollIntoView({ block: 'nearest' });
  }, [seen, error]);
  const apply = async (): Promise<void> => {
    const done = (await ask(false))?.ok?.changes[0];
    if (done === undefined) return;
    draft.forget();
    const search = done.projectName && KINDS[done.kind].inProject ? { project: done.projectName } : {};
    await navigate({ to: '/$slug/$name', params: { slug: KINDS[done.kind].slug, name: done.name }, search });
  };
  const goOn = (merged: string, theirs: string): void => {
    draft.goOn(merged, theirs);
    forget();
  };
  return (
    <PageFrame title={title}>
      <KeptNotice draft={draft} />
      <DocumentPanes {...{ kind, text, write, places }} issues={issuesOf(seen?.answer)} />
      <Actions
        kind={kind}
        isBusy={isBusy}
        mayApply={mayApply}
        look={() => void ask(true)}
        apply={() => void apply()}
        cancel={draft.forget}
      />
      <section ref={outcome} aria-live="polite" aria-label={texts.preview}>
        {error === undefined ? null : <Failed error={error} />}
        {seen === undefined ? null : <Outcome {...{ seen, draft, goOn, isNew }} />}
      </section>
    </PageFrame>
  );
}

/** What was found wrong with the document when it was looked at. */
function issuesOf(answer: Answer | undefined): readonly DocumentIssue[] {
  return answer?.error?.issues ?? answer?.ok?.issues ?? [];
}

interface ActionsProps {
  kind: ResourceKind;
  isBusy: boolean;
  mayApply: boolean;
  look: () => void;
  apply: () => void;
  cancel: () => void;
}

function Actions({ kind, isBusy, mayApply, look, apply, cancel }: ActionsProps): ReactNode {
  return (
    <ActionList className="isthmus-actions">
      <Button variant="secondary" isLoading={isBusy} isDisabled={isBusy} onClick={look}>
        {texts.preview}
      </Button>
      <Button isDisabled={!mayApply || isBusy} title={mayApply ? undefined : texts.previewFirst} onClick={apply}>
        {texts.apply}
      </Button>
      <Link to="/$slug" params={{ slug: KINDS[kind].slug }} className="pf-v6-c-button pf-m-link" onClick={cancel}>
        {texts.cancel}
      </Link>
    </ActionList>
  );
}

interface OutcomeProps {
  seen: Seen;
  isNew: boolean;
  draft: Draft;
  goOn: (merged: string, theirs: string) => void;
}

function Outcome({ seen, isNew, draft, goOn }: OutcomeProps): ReactNode {
  const { ok, error } = seen.answer;
  if (error?.code === 'CONFLICT' && isNew) return <TakenNames issues={error.issues} actions={texts.takenEditor} />;
  if (error?.code === 'CONFLICT' && error.current) {
    const { yaml, resourceVersion } = error.current;
    const theirs = withVersion(yaml, resourceVersion);
    const take = (merged: string): void => goOn(merged, theirs);
    return (
      <Suspense fallback={<Loading />}>
        <MergeView {...{ theirs, resourceVersion, take }} base={draft.base} mine={seen.documents} />
      </Suspense>
    );
  }
  if (error) return <Refused error={error} />;
  return <Changes ok={ok} />;
}

function Refused({ error }: { error: NonNullable<Answer['error']> }): ReactNode {
  return (
    <>
      <Alert isInline variant="danger" component="h2" title={error.message} />
      <IssueList issues={error.issues} />
    </>
  );
}

function Changes({ ok }: Pick<Answer, 'ok'>): ReactNode {
  return (
    <>
      {ok?.changes.map(({ kind, name, outcome }) => (
        <Alert
          key={`${kind}/${name}`}
          isInline
          isPlain
          variant="info"
          component="h2"
          title={texts.outcome(kind, name, outcome)}
        />
      ))}
      {ok && ok.issues.length > 0 ? <IssueList issues={ok.issues} /> : null}
      {ok?.preview ? <PreviewView preview={ok.preview} /> : null}
    </>
  );
}
