import { Button, Content } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { FieldIssues, type FieldProps } from './field-frame.js';
import { firstValue, isGroup, labelOf, shapeOf, type FieldSchema } from './field-schema.js';
import { fieldId, useFormState } from './form-context.js';
import { focusAt } from './focus.js';
import { AddButton, GroupFrame, RemoveFieldButton } from './group-frame.js';
import { isRecord, valueAt, type Path } from './plain-text.js';
import { WayChoice } from './way-choice.js';
import { chosenWay, isNeeded, shownFields, wordOf } from './ways.js';
import { WordField } from './word-field.js';
import { WordsFields } from './words-fields.js';

/** A field of any sort. */
export function Field(props: FieldProps): ReactNode {
  const { schema, value, path } = props;
  const shape = shapeOf(schema);
  if (!isGroup(schema)) return <WordField {...props} />;
  const isList = shape === 'list';
  const isEmpty = value === null || value === undefined;
  if (!isEmpty && (isList ? !Array.isArray(value) : !isRecord(value)))
    return (
      <GroupFrame {...props}>
        <Content component="p">{messages.forms.otherShape}</Content>
      </GroupFrame>
    );
  return (
    <GroupFrame {...props}>
      {isList ? <Items {...props} /> : null}
      {shape === 'words' ? <WordsFields {...props} /> : null}
      {shape === 'fields' ? <Fields schema={schema} path={path} value={value} /> : null}
      {props.isRequired ? null : <RemoveFieldButton path={path} label={props.label} />}
    </GroupFrame>
  );
}

/** The fields of a mapping: those that are there or are one word, and buttons for the rest. */
export function Fields({ schema, path, value }: Pick<FieldProps, 'schema' | 'path' | 'value'>): ReactNode {
  const order = Object.keys(schema.properties ?? {});
  const way = chosenWay(schema, value);
  const word = wordOf(schema);
  const fields = shownFields(schema, value)
    .filter(([key]) => key !== word)
    .map(([key, one]) => ({
      schema: one,
      path: [...path, key],
      label: labelOf(key),
      value: valueAt(value, [key]),
      isRequired: isNeeded(schema, way, key),
      order,
    }));
  const isOpen = (field: FieldProps): boolean =>
    field.isRequired || field.value !== undefined || !isGroup(field.schema);
  const others = isRecord(value) ? Object.keys(value).filter((key) => schema.properties?.[key] === undefined) : [];
  return (
    <>
      {way === undefined ? null : <WayChoice {...{ schema, path, value, way }} />}
      {fields.filter(isOpen).map((field) => (
        <Field key={field.label} {...field} />
      ))}
      {fields
        .filter((field) => !isOpen(field))
        .map((field) => (
          <div key={field.label}>
            <AddButton
              path={field.path}
              order={order}
              label={field.label}
              id={fieldId(field.path)}
              help={field.schema.description}
              value={firstValue(field.schema)}
            />
            <FieldIssues path={field.path} />
          </div>
        ))}
      {others.length === 0 ? null : <Content component="p">{messages.forms.unknownFields(others.join(', '))}</Content>}
    </>
  );
}

const AT_ONCE = 50;

function Items({ schema, path, value, label }: FieldProps): ReactNode {
  const [most, setMost] = useState(AT_ONCE);
  const items = Array.isArray(value) ? (value as unknown[]) : [];
  const schemaOfItem = schema.items ?? {};
  return (
    <>
      {items.slice(0, most).map((item, index) => (
        <Item
          key={index}
          schema={schemaOfItem}
          path={[...path, index]}
          value={item}
          of={items.length}
          label={`${label} ${index + 1}`}
        />
      ))}
      {items.length > most ? (
        <Button variant="secondary" size="sm" onClick={() => setMost(most + AT_ONCE)}>
          {messages.forms.more(items.length - most)}
        </Button>
      ) : null}
      <AddButton
        id={`${fieldId(path)}-add`}
        path={[...path, items.length]}
        label={messages.forms.oneMore(label)}
        value={firstValue(schemaOfItem)}
      />
    </>
  );
}

interface ItemProps {
  schema: FieldSchema;
  path: Path;
  value: unknown;
  label: string;
  /** How many there are. */
  of: number;
}

function Item({ schema, path, value, label, of }: ItemProps): ReactNode {
  const props = { schema, path, value, label, isRequired: true };
  const tools = <ItemTools path={path} label={label} of={of} />;
  if (!isGroup(schema))
    return (
      <div className="isthmus-item">
        <WordField {...props} />
        {tools}
      </div>
    );
  return (
    <GroupFrame {...props} isRequired={false}>
      {tools}
      {shapeOf(schema) === 'fields' ? <Fields {...props} /> : <Field {...props} />}
    </GroupFrame>
  );
}

function ItemTools({ path, label, of }: Pick<ItemProps, 'path' | 'label' | 'of'>): ReactNode {
  const { change } = useFormState();
  const index = Number(path.at(-1));
  const id = fieldId(path);
  const move = (by: 1 | -1): void => {
    change({ to: 'move', path, by });
    focusAt(`${fieldId([...path.slice(0, -1), index + by])}-${by === 1 ? 'down' : 'up'}`);
  };
  return (
    <div className="isthmus-tools">
      <Button
        id={`${id}-up`}
        variant="plain"
        size="sm"
        aria-label={messages.forms.up(label)}
        isAriaDisabled={index === 0}
        onClick={() => move(-1)}
      >
        ↑
      </Button>
      <Button
        id={`${id}-down`}
        variant="plain"
        size="sm"
        aria-label={messages.forms.down(label)}
        isAriaDisabled={index === of - 1}
        onClick={() => move(1)}
      >
        ↓
      </Button>
      <RemoveFieldButton path={path} label={label} />
    </div>
  );
}
