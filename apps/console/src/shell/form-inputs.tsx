import { FormGroup, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import type { ReactNode } from 'react';

interface WordInputProps {
  id: string;
  label: string;
  value: string;
  write: (value: string) => void;
  isRequired?: boolean;
  isReadOnly?: boolean;
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
        value={value}
        onChange={(_, next) => write(next)}
      />
    </FormGroup>
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
