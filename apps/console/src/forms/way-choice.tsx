import {
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
} from '@patternfly/react-core';
import { useRef, type ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { FieldIssues, useDescribed, type FieldProps } from './field-frame.js';
import { labelOf, type Way } from './field-schema.js';
import { fieldId, useFormState } from './form-context.js';
import { valueAt } from './plain-text.js';
import { switchTo, wordOf } from './ways.js';

interface WayChoiceProps extends Pick<FieldProps, 'schema' | 'path' | 'value'> {
  /** The one that is chosen. */
  way: Way;
}

/** Chooses among the ways to fill in a mapping. What another way has no place for leaves the text, and comes back with the way that has. */
export function WayChoice({ schema, path, value, way: chosen }: WayChoiceProps): ReactNode {
  const { changeAll } = useFormState();
  const kept = useRef<Record<string, unknown>>({});
  const word = wordOf(schema);
  const at = word === undefined ? path : [...path, word];
  const id = word === undefined ? `${fieldId(path)}-way` : fieldId(at);
  const described = useDescribed(at);
  const { oneOf = [] } = schema;
  const choose = (title: string): void => {
    const way = oneOf.find((one) => one.title === title);
    if (way === undefined) return;
    const changes = switchTo(way, { schema, path, value, kept: kept.current });
    for (const change of changes)
      if (change.to === 'remove') kept.current[String(change.path.at(-1))] = valueAt(value, change.path.slice(-1));
    changeAll(changes);
  };
  const help = word === undefined ? undefined : schema.properties?.[word]?.description;
  return (
    <FormGroup label={word === undefined ? messages.forms.way : labelOf(word)} fieldId={id}>
      <FormSelect
        id={id}
        value={chosen.title}
        {...(word === undefined ? {} : wordProps(described))}
        onChange={(_, title) => choose(title)}
      >
        {oneOf.map(({ title }) => (
          <FormSelectOption key={title} value={title} label={title} />
        ))}
      </FormSelect>
      {help === undefined ? null : (
        <FormHelperText>
          <HelperText id={`${id}-help`}>
            <HelperTextItem>{help}</HelperTextItem>
          </HelperText>
          <FieldIssues path={at} />
        </FormHelperText>
      )}
    </FormGroup>
  );
}

/** Of a choice that is a field of its own: what describes it, and whether it is at fault. */
function wordProps({ describedBy, isFaulty }: ReturnType<typeof useDescribed>) {
  return { 'aria-describedby': describedBy, validated: isFaulty ? ('error' as const) : ('default' as const) };
}
