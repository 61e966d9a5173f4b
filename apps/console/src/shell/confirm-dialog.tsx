import {
  Alert,
  Button,
  Form,
  FormGroup,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { Failed } from './states.js';

interface ConfirmDialogProps {
  title: string;
  /** What the button does. */
  action: string;
  /** What must be written before it is done; nothing: it is asked for once. */
  name?: string;
  error: Error | undefined;
  /** Why the server did not do it. */
  refusal: string | undefined;
  isBusy: boolean;
  close: () => void;
  confirm: () => void;
  /** What it brings about. */
  children: ReactNode;
}

/** Asks before something is done that cannot be undone, and for its name where much depends on it. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  const { title, action, name, error, refusal, isBusy, close, confirm, children } = props;
  const [typed, setTyped] = useState('');
  const mayConfirm = !isBusy && (name === undefined || typed === name);
  return (
    <Modal isOpen variant="medium" onClose={close} aria-labelledby="confirm-title">
      <ModalHeader title={title} labelId="confirm-title" titleIconVariant="warning" />
      <ModalBody>
        {error === undefined ? null : <Failed error={error} />}
        {refusal === undefined ? null : <Alert component="h2" isInline variant="danger" title={refusal} />}
        {children}
        {name === undefined ? null : (
          <Form
            onSubmit={(event) => {
              event.preventDefault();
              if (mayConfirm) confirm();
            }}
          >
            <FormGroup label={messages.removal.ask(name)} fieldId="confirm-name">
              <TextInput id="confirm-name" value={typed} autoComplete="off" onChange={(_, value) => setTyped(value)} />
            </FormGroup>
          </Form>
        )}
      </ModalBody>
      <ModalFooter>
        <Button variant="danger" isDisabled={!mayConfirm} isLoading={isBusy} onClick={confirm}>
          {action}
        </Button>
        <Button variant="link" onClick={close}>
          {messages.editor.cancel}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
