import { createContext, use } from 'react';
import type { ShownIssue } from '../issues/issue-list.js';
import type { Change } from './changed-value.js';
import { pathText, type Path } from './plain-text.js';

/** What every field of a form knows. */
export interface FormState {
  change: (change: Change) => void;
  /** Several changes as one of the text. */
  changeAll: (changes: readonly Change[]) => void;
  /** Issues by the text of the path of the field that they are shown at. */
  issues: ReadonlyMap<string, readonly ShownIssue[]>;
  /** Whose resources references are completed from. */
  project: string;
  /** Projects to which the one of the document can be completed; undefined: all that there are. */
  projects?: readonly string[] | undefined;
}

export const FormContext = createContext<FormState>({
  change: () => undefined,
  changeAll: () => undefined,
  issues: new Map(),
  project: 'default',
});

/** What every field of the form knows. */
export const useFormState = (): FormState => use(FormContext);

/** The id of what a field is written in; addresses of parts of a page know no blanks. */
export const fieldId = (path: Path): string => `field-${pathText(path).replaceAll(/\s/g, '_')}`;
