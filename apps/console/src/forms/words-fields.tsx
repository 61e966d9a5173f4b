import { Button, FormGroup, TextInput } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import type { FieldProps } from './field-frame.js';
import { fieldId, useFormState } from './form-context.js';
import { focusAt } from './focus.js';
import { RemoveFieldButton } from './group-frame.js';
import { isRecord } from './plain-text.js';
import { WordField } from './word-field.js';

/** Pairs of free keys and values, like labels. */
export function WordsFields({ schema, path, value }: FieldProps): ReactNode {
  const keys = isRecord(value) ? Object.keys(value) : [];
  return (
    <>
      {keys.map((key) => (
        <div key={key} className="isthmus-item">
          <KeyInput path={path} name={key} keys={keys} />
          <WordField
            schema={schema.additionalProperties || {}}
            path={[...path, key]}
            value={isRecord(value) ? value[key] : undefined}
            label={messages.forms.valueOf(key)}
            isRequired
          />
          <RemoveFieldButton path={[...path, key]} label={key} />
        </div>
      ))}
      <NewKey path={path} keys={keys} />
    </>
  );
}

interface KeyProps extends Pick<FieldProps, 'path'> {
  keys: readonly string[];
}

/** A key is written anew when it is left: half of it could be that of another pair. */
function KeyInput({ path, name, keys }: KeyProps & { name: string }): ReactNode {
  const { change } = useFormState();
  const [typed, setTyped] = useState(name);
  const id = `${fieldId([...path, name])}-key`;
  const rename = (): void => {
    if (typed === name) return;
    if (typed === '' || keys.includes(typed)) return setTyped(name);
    change({ to: 'rename', path: [...path, name], key: typed });
  };
  return (
    <FormGroup label={messages.forms.key} fieldId={id}>
      <TextInput id={id} value={typed} autoComplete="off" onBlur={rename} onChange={(_, next) => setTyped(next)} />
    </FormGroup>
  );
}

function NewKey({ path, keys }: KeyProps): ReactNode {
  const { change } = useFormState();
  const [typed, setTyped] = useState('');
  const mayAdd = typed !== '' && !keys.includes(typed);
  const add = (): void => {
    if (!mayAdd) return;
    change({ to: 'set', path: [...path, typed], value: '' });
    setTyped('');
    focusAt(fieldId([...path, typed]));
  };
  const id = `${fieldId(path)}-add`;
  return (
    <div className="isthmus-item">
      <FormGroup label={messages.forms.newKey} fieldId={id}>
        <TextInput
          id={id}
          value={typed}
          autoComplete="off"
          onChange={(_, next) => setTyped(next)}
          onKeyDown={({ key }) => (key === 'Enter' ? add() : undefined)}
        />
      </FormGroup>
      <Button variant="link" size="sm" isAriaDisabled={!mayAdd} onClick={add}>
        {messages.forms.addPair}
      </Button>
    </div>
  );
}
