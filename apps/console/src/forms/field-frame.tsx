import { FormGroup, FormHelperText, HelperText, HelperTextItem } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import type { ShownIssue } from '../issues/issue-list.js';
import { IssueWay } from '../issues/issue-way.js';
import { messages } from '../messages/messages.js';
import type { FieldSchema } from './field-schema.js';
import { fieldId, useFormState } from './form-context.js';
import { pathText, type Path } from './plain-text.js';

/** What every field has. */
export interface FieldProps {
  schema: FieldSchema;
  path: Path;
  value: unknown;
  /** Its name in words. */
  label: string;
  isRequired: boolean;
  /** The names of its neighbours, in the order of the schema. */
  order?: readonly string[] | undefined;
}

const VARIANT = { ERROR: 'error', WARNING: 'warning', INFO: 'indeterminate' } as const;

/** What is wrong with a field, with cause and fix. */
export function FieldIssues({ path }: { path: Path }): ReactNode {
  const issues = useIssuesAt(path);
  if (issues.length === 0) return null;
  return (
    <HelperText id={`${fieldId(path)}-issues`}>
      {issues.map(({ code, severity, message, cause, fix, hint }, index) => (
        <HelperTextItem key={`${code} ${index}`} variant={VARIANT[severity]}>
          {code}: {message}
          {cause ? ` ${messages.issues.cause}: ${cause}` : ''}
          {hint || fix ? ` ${messages.issues.fix}: ${hint ?? fix ?? ''}` : ''} <IssueWay code={code} />
        </HelperTextItem>
      ))}
    </HelperText>
  );
}

/** Issues that are shown at a field. */
export function useIssuesAt(path: Path): readonly ShownIssue[] {
  return useFormState().issues.get(pathText(path)) ?? [];
}

/** Ids of what describes a field, and whether it is at fault. */
export function useDescribed(path: Path): { describedBy: string; isFaulty: boolean } {
  const issues = useIssuesAt(path);
  const id = fieldId(path);
  return {
    describedBy: issues.length === 0 ? `${id}-help` : `${id}-help ${id}-issues`,
    isFaulty: issues.some(({ severity }) => severity === 'ERROR'),
  };
}

/** Label, help and issues of a field around what it is written in. */
export function FieldFrame({
  schema,
  path,
  label,
  isRequired,
  children,
}: FieldProps & { children: ReactNode }): ReactNode {
  const { description, examples } = schema;
  const example = examples?.[0] === undefined ? '' : ` ${messages.forms.example(examples[0])}`;
  return (
    <FormGroup label={label} fieldId={fieldId(path)} isRequired={isRequired}>
      {children}
      <FormHelperText>
        <HelperText id={`${fieldId(path)}-help`}>
          <HelperTextItem>{`${description ?? ''}${example}`}</HelperTextItem>
        </HelperText>
        <FieldIssues path={path} />
      </FormHelperText>
    </FormGroup>
  );
}
