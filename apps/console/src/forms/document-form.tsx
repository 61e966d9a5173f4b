import { Alert, Form } from '@patternfly/react-core';
import { useMemo, type ReactNode } from 'react';
import type { ShownIssue } from '../issues/issue-list.js';
import { messages } from '../messages/messages.js';
import { changeText } from './change-text.js';
import type { Change } from './changed-value.js';
import { FieldIssues } from './field-frame.js';
import type { FieldSchema } from './field-schema.js';
import { FormContext } from './form-context.js';
import { Fields } from './group-fields.js';
import { placed } from './issue-places.js';
import { projectIn, readText, type Reading, type Unreadable } from './plain-text.js';

interface DocumentFormProps {
  schema: FieldSchema;
  reading: Reading;
  issues: readonly ShownIssue[];
  /** Projects where it may be made; undefined: any. */
  projects?: readonly string[] | undefined;
  write: (text: string) => void;
}

/** The document as a form. What it cannot show stays in the text, and the form says why. */
export function DocumentForm({ schema, reading, issues, projects, write }: DocumentFormProps): ReactNode {
  const state = useMemo(() => {
    if ('fault' in reading) return undefined;
    const changed = (text: string, change: Change): string => {
      const next = text === reading.text ? reading : readText(text, String(reading.value['kind']));
      return 'fault' in next ? text : changeText(next, change);
    };
    return {
      issues: placed(schema, reading.value, issues),
      project: projectIn(reading.value),
      projects,
      change: (change: Change) => write(changeText(reading, change)),
      changeAll: (changes: readonly Change[]) => write(changes.reduce(changed, reading.text)),
    };
  }, [reading, schema, issues, projects, write]);
  if ('fault' in reading || state === undefined) return <NoForm fault={reading as Unreadable} />;
  return (
    <FormContext value={state}>
      <Form className="isthmus-form" aria-label={messages.forms.title} onSubmit={(event) => event.preventDefault()}>
        <FieldIssues path={[]} />
        <Fields schema={schema} path={[]} value={reading.value} />
      </Form>
    </FormContext>
  );
}

function NoForm({ fault: { fault, detail, line } }: { fault: Unreadable }): ReactNode {
  const texts = messages.forms;
  return (
    <Alert isInline variant="warning" component="h2" title={texts.disabled}>
      <p>{texts.faults[fault](detail)}</p>
      {line === undefined ? null : <p>{texts.atLine(line)}</p>}
    </Alert>
  );
}
