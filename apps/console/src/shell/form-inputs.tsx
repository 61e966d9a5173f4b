import {
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  TextInput,
} from '@patternfly/react-core';
import type { ReactNode } from 'react';

interface WordInputProps {
  id: string;
  label: string;
  value: string;
  write: (value: string) => void;
  isRequired?: boolean;
  isReadOnly?: boolean;
  help?: string;
  type?: 'text' | 'number';
}

/** A word that a dialog asks for. */
export function WordInput({
  id,
  label,
  value,
  write,
  isRequired = false,
  isReadOnly,
  type,
  help,
}: WordInputProps): ReactNode {
  return (
    <FormGroup label={label} fieldId={id} isRequired={isRequired}>
      <TextInput
        id={id}
        type={type ?? 'text'}
        {...(type === 'number' ? { min: 1 } : {})}
        {...(isReadOnly ? { readOnlyVariant: 'default' as const } : {})}
        isRequired={isRequired}
        autoComplete="off"
        {...(help === undefined ? {} : { 'aria-describedby': `${id}-help` })}
        value={value}
        onChange={(_, next) => write(next)}
      />
      {help === undefined ? null : <FieldHelp id={id}>{help}</FieldHelp>}
    </FormGroup>
  );
}

interface FieldHelpProps {
  /** Of the field, which is described by `<id>-help`. */
  id: string;
  isWarning?: boolean;
  children: string;
}

/** What is to be said of a field, below it. */
export function FieldHelp({ id, isWarning = false, children }: FieldHelpProps): ReactNode {
  return (
    <FormHelperText>
      <HelperText id={`${id}-help`}>
        <HelperTextItem variant={isWarning ? 'warning' : 'default'}>{children}</HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  id: string;
  value: T;
  options: Readonly<Record<T, string>>;
  choose: (value: T) => void;
}

/** One of several, by its title. */
export function Choice<T extends string>({ label, id, value, options, choose }: ChoiceProps<T>): ReactNode {
  return (
    <FormGroup label={label} fieldId={id}>
      <FormSelect id={id} value={value} onChange={(_, chosen) => choose(chosen as T)}>
        {Object.entries<string>(options).map(([one, title]) => (
          <FormSelectOption key={one} value={one} label={title} />
        ))}
      </FormSelect>
    </FormGroup>
  );
}
