import { Alert, Button, Form, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { IssueList, type ShownIssue } from '../issues/issue-list.js';
import { messages } from '../messages/messages.js';
import type { Draft } from './draft.js';
import { KeptNotice } from './kept-notice.js';
import { Failed } from './states.js';

/** Why the server did not do something. */
export interface Refusal {
  message: string;
  issues: readonly ShownIssue[];
}

interface FormDialogProps {
  /** Names the form among others of a page. */
  id: string;
  title: string;
  /** What the button does; the title, if not said. */
  action?: string;
  error: Error | undefined;
  refusal: Refusal | null | undefined;
  isBusy: boolean;
  /** False as long as something is not filled in. */
  mayConfirm: boolean;
  /** What is filled in, where it is kept: until the dialog is closed or all is done. */
  draft?: Draft;
  close: () => void;
  confirm: () => void;
  /** What is shown once it is done, in place of the form; nothing: the dialog is closed by then. */
  done?: ReactNode;
  children: ReactNode;
}

/** A form above a page: what the server finds wrong is shown with its numbers, and what was written stays. */
export function FormDialog(props: FormDialogProps): ReactNode {
  const { id, title, error, refusal, confirm, mayConfirm, isBusy, draft, done, children } = props;
  const isDone = done !== undefined;
  const close = (): void => {
    draft?.forget();
    props.close();
  };
  return (
    <Modal
      isOpen
      variant="medium"
      onClose={close}
      onEscapePress={(event) => (isInOpenList(event) ? undefined : close())}
      aria-labelledby={`${id}-title`}
    >
      <ModalHeader title={title} labelId={`${id}-title`} />
      <ModalBody>
        {error === undefined ? null : <Failed error={error} />}
        {refusal ? <Refused refusal={refusal} /> : null}
        {done}
        {draft && !isDone ? <KeptNotice draft={draft} /> : null}
        {isDone ? null : (
          <Form
            id={id}
            onSubmit={(event) => {
              event.preventDefault();
              if (mayConfirm && !isBusy) confirm();
            }}
          >
            {children}
          </Form>
        )}
      </ModalBody>
      <ModalFooter>
        {isDone ? (
          <Button onClick={close}>{messages.dialog.done}</Button>
        ) : (
          <>
            <Button type="submit" form={id} isLoading={isBusy} isDisabled={isBusy || !mayConfirm}>
              {props.action ?? title}
            </Button>
            <Button variant="link" onClick={close}>
              {messages.editor.cancel}
            </Button>
          </>
        )}
      </ModalFooter>
    </Modal>
  );
}

/** A list that is open in the form is closed before the form is. */
function isInOpenList({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.getAttribute('aria-expanded') === 'true';
}

function Refused({ refusal: { message, issues } }: { refusal: Refusal }): ReactNode {
  return (
    <>
      <Alert isInline variant="danger" component="h2" title={message} />
      {issues.length > 0 ? <IssueList issues={issues} /> : null}
    </>
  );
}
