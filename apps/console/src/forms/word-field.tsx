import {
  FormSelect,
  FormSelectOption,
  InputGroup,
  InputGroupItem,
  InputGroupText,
  TextArea,
  TextInput,
} from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { DurationField } from './duration-field.js';
import { FieldFrame, useDescribed, type FieldProps } from './field-frame.js';
import { shapeOf, unitOf, type Shape } from './field-schema.js';
import { fieldId, useFormState } from './form-context.js';
import { NamesList } from './names-list.js';

/** A value that fits into one input, as people read it. */
export const shown = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

/** Writes what a field says; an empty one is left out, where it may be. */
export function useWrite({ path, isRequired, order, schema }: FieldProps): (value: string | number | boolean) => void {
  const { change } = useFormState();
  const isItem = typeof path.at(-1) === 'number';
  const isText = schema.type === 'string';
  return (value) => {
    if (value !== '' || (isItem && isText)) return change({ to: 'set', path, value, order });
    change(isRequired || isItem ? { to: 'set', path, value: null, order } : { to: 'remove', path });
  };
}

/** A field of one word, number or choice. */
export function WordField(props: FieldProps): ReactNode {
  return (
    <FieldFrame {...props}>
      <Input {...props} />
    </FieldFrame>
  );
}

const INPUTS: Readonly<Record<Shape, (props: FieldProps) => ReactNode>> = {
  choice: (props) => <Choice {...props} options={props.schema.enum ?? []} />,
  yesNo: (props) => <Choice {...props} options={props.schema.const === undefined ? [true, false] : [true]} />,
  number: NumberInput,
  duration: DurationField,
  text: Text,
  fields: Text,
  list: Text,
  words: Text,
  fixed: Text,
  unknown: Text,
};

function Input(props: FieldProps): ReactNode {
  if (typeof props.value === 'object' && props.value !== null)
    return <p id={fieldId(props.path)}>{messages.forms.otherShape}</p>;
  const Of = INPUTS[shapeOf(props.schema)];
  return <Of {...props} />;
}

const LONG = 300;

function Text(props: FieldProps): ReactNode {
  const { schema, path, value, isRequired } = props;
  const { describedBy, isFaulty } = useDescribed(path);
  const write = useWrite(props);
  const [isActive, setActive] = useState(false);
  const names = schema['x-isthmus-names'];
  const id = fieldId(path);
  const text = shown(value);
  const common = { id, value: text, isRequired, 'aria-describedby': describedBy, 'aria-invalid': isFaulty };
  if (text.includes('\n') || (schema.maxLength ?? 0) > LONG)
    return (
      <TextArea {...common} autoResize resizeOrientation="vertical" rows={2} onChange={(_, next) => write(next)} />
    );
  return (
    <>
      <TextInput
        {...common}
        autoComplete="off"
        spellCheck={false}
        validated={isFaulty ? 'error' : 'default'}
        list={names === undefined ? undefined : `${id}-names`}
        onFocus={() => setActive(true)}
        onChange={(_, next) => write(next)}
      />
      {names === undefined ? null : <NamesList id={`${id}-names`} named={isActive ? names : ''} text={text} />}
    </>
  );
}

/** The number that a text is, or the text: what cannot be one is not lost. */
function numberOf(text: string): string | number {
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function NumberInput(props: FieldProps): ReactNode {
  const { path, value, isRequired } = props;
  const { describedBy, isFaulty } = useDescribed(path);
  const write = useWrite(props);
  const [typed, setTyped] = useState('');
  const unit = unitOf(String(path.at(-1)));
  // `1.` is on its way to 1.5, and is 1 until then.
  const text = numberOf(typed) === value ? typed : shown(value);
  const input = (
    <TextInput
      id={fieldId(path)}
      inputMode="decimal"
      autoComplete="off"
      isRequired={isRequired}
      value={text}
      validated={isFaulty ? 'error' : 'default'}
      aria-describedby={describedBy}
      onChange={(_, next) => {
        setTyped(next);
        write(numberOf(next));
      }}
    />
  );
  if (unit === undefined) return input;
  return (
    <InputGroup>
      <InputGroupItem isFill>{input}</InputGroupItem>
      <InputGroupText>{unit}</InputGroupText>
    </InputGroup>
  );
}

function Choice(props: FieldProps & { options: readonly (string | number | boolean)[] }): ReactNode {
  const { path, value, isRequired, options } = props;
  const { describedBy, isFaulty } = useDescribed(path);
  const write = useWrite(props);
  const text = shown(value);
  const isOther = text !== '' && !options.some((one) => one === value);
  return (
    <FormSelect
      id={fieldId(path)}
      value={text}
      isRequired={isRequired}
      validated={isFaulty ? 'error' : 'default'}
      aria-describedby={describedBy}
      onChange={(_, chosen) => write(options.find((one) => String(one) === chosen) ?? chosen)}
    >
      {text === '' || !isRequired ? <FormSelectOption value="" label={messages.forms.notSet} /> : null}
      {isOther ? <FormSelectOption value={text} label={messages.forms.notKnown(text)} /> : null}
      {options.map((one) => (
        <FormSelectOption key={String(one)} value={String(one)} label={wordOf(one)} />
      ))}
    </FormSelect>
  );
}

function wordOf(option: string | number | boolean): string {
  if (typeof option === 'boolean') return option ? messages.forms.yes : messages.forms.no;
  return String(option);
}
