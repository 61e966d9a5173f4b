import { useMutation } from '@apollo/client/react';
import {
  Alert,
  Button,
  Content,
  Form,
  FormGroup,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from '@patternfly/react-core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { IssueList } from '../issues/issue-list.js';
import { messages } from '../messages/messages.js';
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
  const [typed, setTyped] = useState('');
  const [look, looked] = useMutation(DeleteResource, { variables: { input: inputOf(resource, true) } });
  const [remove, removed] = useMutation(DeleteResource, { variables: { input: inputOf(resource, false) } });
  useEffect(() => {
    void look();
  }, [look]);
  const confirm = async (): Promise<void> => {
    const { data } = await remove();
    if (data?.deleteResource.ok) await navigate({ to: '/$slug', params: { slug: KINDS[kind].slug } });
  };
  const fault = removed.error ?? looked.error;
  return (
    <Modal isOpen variant="medium" onClose={close} aria-labelledby="remove-title">
      <ModalHeader
        title={messages.removal.title(KINDS[kind].one, name)}
        labelId="remove-title"
        titleIconVariant="warning"
      />
      <ModalBody>
        {fault === undefined ? null : <Alert isInline variant="danger" title={fault.message} />}
        <Consequences seen={looked.data?.deleteResource} refused={removed.data?.deleteResource} />
        <Form
          onSubmit={(event) => {
            event.preventDefault();
            if (typed === name) void confirm();
          }}
        >
          <FormGroup label={messages.removal.ask(name)} fieldId="remove-name">
            <TextInput id="remove-name" value={typed} onChange={(_, value) => setTyped(value)} autoComplete="off" />
          </FormGroup>
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button
          variant="danger"
          isDisabled={typed !== name || removed.loading}
          isLoading={removed.loading}
          onClick={() => void confirm()}
        >
          {messages.removal.confirm}
        </Button>
        <Button variant="link" onClick={close}>
          {messages.editor.cancel}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

type Answer = ResultOf<typeof DeleteResource>['deleteResource'];

function Consequences({ seen, refused }: { seen: Answer | undefined; refused: Answer | undefined }): ReactNode {
  const refusal = refused?.error ?? seen?.error;
  if (refusal) {
    return (
      <>
        <Alert isInline variant="danger" title={refusal.message} />
        <IssueList issues={refusal.issues} />
      </>
    );
  }
  if (seen === undefined) return <Content component="p">{messages.removal.reading}</Content>;
  return seen.ok?.preview ? <PreviewView preview={seen.ok.preview} /> : null;
}
