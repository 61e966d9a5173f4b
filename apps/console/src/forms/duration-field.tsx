import { FormSelect, FormSelectOption, InputGroup, InputGroupItem, TextInput } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { useDescribed, type FieldProps } from './field-frame.js';
import { fieldId } from './form-context.js';
import { shown, useWrite } from './word-field.js';

const UNITS = ['ms', 's', 'm', 'h', 'd'] as const;
const SIMPLE = /^(\d+(?:\.\d*)?)(ms|s|m|h|d)$/;

/** A length of time as a number with its unit; what has several units, like 1m30s, is one text. */
export function DurationField(props: FieldProps): ReactNode {
  const { path, value, label, isRequired } = props;
  const { describedBy, isFaulty } = useDescribed(path);
  const write = useWrite(props);
  const [chosen, setChosen] = useState('s');
  const text = shown(value);
  const [, number = text, unit = text === '' ? chosen : ''] = SIMPLE.exec(text) ?? [];
  const put = (next: string, of: string): void => write(/^\d+(?:\.\d*)?$/.test(next) ? `${next}${of}` : next);
  return (
    <InputGroup>
      <InputGroupItem isFill>
        <TextInput
          id={fieldId(path)}
          autoComplete="off"
          isRequired={isRequired}
          value={number}
          validated={isFaulty ? 'error' : 'default'}
          aria-describedby={describedBy}
          onChange={(_, next) => put(next, unit === '' ? chosen : unit)}
        />
      </InputGroupItem>
      <InputGroupItem>
        <FormSelect
          aria-label={messages.forms.unitOf(label)}
          value={unit}
          onChange={(_, next) => {
            setChosen(next);
            if (number !== '' && next !== '') put(number, next);
          }}
        >
          {unit === '' ? <FormSelectOption value="" label={messages.forms.asWritten} /> : null}
          {UNITS.map((one) => (
            <FormSelectOption key={one} value={one} label={messages.forms.units[one]} />
          ))}
        </FormSelect>
      </InputGroupItem>
    </InputGroup>
  );
}
