import { useMutation } from '@apollo/client/react';
import { Alert, Button, Content } from '@patternfly/react-core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { IssueList } from '../issues/issue-list.js';
import { messages } from '../messages/messages.js';
import { ConfirmDialog } from '../shell/confirm-dialog.js';
import { KINDS } from './kinds.js';
import { PreviewParts, PreviewView } from './preview-view.js';
import type { ShownResource } from './resource-document.js';
import { IssueParts } from '../issues/issue-parts.js';

const DeleteResource = graphql(
  `
    mutation DeleteResource($input: DeleteResourceInput!) {
      deleteResource(input: $input) {
        ok {
          issues {
            ...IssueParts
          }
          preview {
            ...PreviewParts
          }
        }
        error {
          message
          issues {
            ...IssueParts
          }
        }
      }
    }
  `,
  [IssueParts, PreviewParts],
);

type Target = Pick<ShownResource, 'kind' | 'name' | 'projectName' | 'resourceVersion' | 'viewerCanDelete'>;

/** Deletes after it has shown what that removes in the clusters, and was told the name. */
export function RemoveButton({ resource }: { resource: Target }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  if (!resource.viewerCanDelete) return null;
  return (
    <>
      <Button variant="danger" onClick={() => setOpen(true)}>
        {messages.resource.remove}
      </Button>
      {isOpen ? <RemoveDialog resource={resource} close={() => setOpen(false)} /> : null}
    </>
  );
}

function inputOf({ kind, name, projectName, resourceVersion }: Target, dryRun: boolean) {
  const project = projectName && KINDS[kind].inProject ? { project: projectName } : {};
  return { kind, name, ...project, dryRun, expectedVersion: resourceVersion };
}

function RemoveDialog({ resource, close }: { resource: Target; close: () => void }): ReactNode {
  const { kind, name } = resource;
  const navigate = useNavigate();
  const [look, looked] = useMutation(DeleteResource, { variables: { input: inputOf(resource, true) } });
  const [remove, removed] = useMutation(DeleteResource, { variables: { input: inputOf(resource, false) } });
  useEffect(() => {
    void look();
  }, [look]);
  const confirm = async (): Promise<void> => {
    const { data } = await remove();
    if (data?.deleteResource.ok) await navigate({ to: '/$slug', params: { slug: KINDS[kind].slug } });
  };
  return (
    <ConfirmDialog
      title={messages.removal.title(KINDS[kind].one, name)}
      action={messages.removal.confirm}
      name={name}
      error={undefined}
      refusal={(removed.error ?? looked.error)?.message}
      isBusy={removed.loading}
      close={close}
      confirm={() => void confirm()}
    >
      <Consequences seen={looked.data?.deleteResource} refused={removed.data?.deleteResource} />
    </ConfirmDialog>
  );
}

type Answer = ResultOf<typeof DeleteResource>['deleteResource'];

function Consequences({ seen, refused }: { seen: Answer | undefined; refused: Answer | undefined }): ReactNode {
  const refusal = refused?.error ?? seen?.error;
  if (refusal) {
    return (
      <>
        <Alert component="h2" isInline variant="danger" title={refusal.message} />
        <IssueList issues={refusal.issues} />
      </>
    );
  }
  if (seen === undefined) return <Content component="p">{messages.removal.reading}</Content>;
  return seen.ok?.preview ? <PreviewView preview={seen.ok.preview} /> : null;
}
