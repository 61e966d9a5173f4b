import { FormGroup, TextInput } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { FieldHelp } from '../shell/form-inputs.js';

interface TextFieldProps {
  id: string;
  label: string;
  value: string;
  help?: string;
  isRequired?: boolean;
  write: (value: string) => void;
}

/** One line of text with what is to be said of it. */
export function TextField({ id: name, label, value, help, isRequired = false, write }: TextFieldProps): ReactNode {
  // Steps of the wizard have ids, too.
  const id = `field-${name}`;
  return (
    <FormGroup label={label} fieldId={id} isRequired={isRequired}>
      <TextInput
        id={id}
        value={value}
        isRequired={isRequired}
        spellCheck={false}
        autoComplete="off"
        {...(help === undefined ? {} : { 'aria-describedby': `${id}-help` })}
        onChange={(_, text) => write(text)}
      />
      {help === undefined ? null : <FieldHelp id={id}>{help}</FieldHelp>}
    </FormGroup>
  );
}
