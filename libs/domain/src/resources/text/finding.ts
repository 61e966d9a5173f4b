import type { IssueCode } from '../../issues/catalog.js';

/** What is wrong with one value; the caller knows its place. */
export interface Finding {
  code: IssueCode;
  message: string;
  hint?: string;
}

/** Checks a text; undefined = nothing is wrong. */
export type TextCheck = (text: string) => Finding | undefined;
