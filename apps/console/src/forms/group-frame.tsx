import { Button } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { FieldIssues, type FieldProps } from './field-frame.js';
import { fieldId, useFormState } from './form-context.js';
import { focusAt } from './focus.js';

/** Fields that belong together, with what can be done to all of them. */
export function GroupFrame({
  path,
  schema,
  label,
  isRequired,
  children,
}: FieldProps & { children: ReactNode }): ReactNode {
  const id = fieldId(path);
  return (
    <fieldset id={id} className="isthmus-group" aria-describedby={`${id}-help`}>
      <legend>
        {label}
        {isRequired ? <span aria-hidden="true"> *</span> : null}
      </legend>
      <p id={`${id}-help`} className="isthmus-help">
        {schema.description}
      </p>
      <FieldIssues path={path} />
      {children}
    </fieldset>
  );
}

/** Takes a field or item out of the document. */
export function RemoveFieldButton({ path, label }: Pick<FieldProps, 'path' | 'label'>): ReactNode {
  const { change } = useFormState();
  const remove = (): void => {
    change({ to: 'remove', path });
    focusAt(`${fieldId(path.slice(0, -1))}-add`, fieldId(path.slice(0, -1)));
  };
  return (
    <Button variant="link" isDanger size="sm" onClick={remove}>
      {messages.forms.remove(label)}
    </Button>
  );
}

interface AddButtonProps extends Pick<FieldProps, 'path' | 'label' | 'order'> {
  value: unknown;
  id?: string;
  help?: string | undefined;
}

/** Puts a new field or item into the document, and goes there. */
export function AddButton({ path, label, order, value, id, help }: AddButtonProps): ReactNode {
  const { change } = useFormState();
  const add = (): void => {
    change({ to: 'set', path, value, order });
    focusAt(fieldId(path));
  };
  return (
    <div className="isthmus-add">
      <Button
        id={id}
        variant="link"
        size="sm"
        onClick={add}
        aria-describedby={help === undefined ? undefined : `${fieldId(path)}-help`}
      >
        {messages.forms.add(label)}
      </Button>
      {help === undefined ? null : (
        <span id={`${fieldId(path)}-help`} className="isthmus-help">
          {help}
        </span>
      )}
    </div>
  );
}
