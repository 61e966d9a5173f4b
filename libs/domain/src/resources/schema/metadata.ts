import * as z from 'zod';
import type { Metadata } from '../types.js';
import { annotationFindings, labelFindings } from '../text/labels.js';
import { checkName, NAME_PATTERN } from '../text/names.js';
import { ALWAYS, freeText, report, text } from './checked.js';

/** A name by RFC 1123. */
export function name(description: string): z.ZodString {
  return text(checkName, { description, pattern: NAME_PATTERN, maxLength: 63 });
}

/** A mapping of label keys to values; an empty one is refused where it would have to select something. */
export function labels(description: string, { mayBeEmpty = true } = {}) {
  const schema = z.record(z.string(), z.string()).superRefine((values, context) => {
    for (const [key, finding] of labelFindings(values)) report(context, finding, [key]);
    if (!mayBeEmpty && Object.keys(values).length === 0) {
      report(context, { code: 'ISM0021', message: 'the labels are empty', hint: 'leave the field out to mean all' });
    }
  });
  return schema.meta({ description, ...(mayBeEmpty ? {} : { minProperties: 1 }) });
}

const annotations = z
  .record(z.string(), z.string())
  .superRefine((values, context) => {
    for (const [key, finding] of annotationFindings(values)) report(context, finding, key === '' ? [] : [key]);
  })
  .meta({ description: 'Free notes of people and tools, by Kubernetes’ rules; 256 KiB together.' });

/** The project of project-scoped kinds. */
export const project = name('The project that the resource belongs to; "default" if left out.');

/** Metadata of every kind; `isScoped` is false for kinds of the organization, which refuse a project. */
export function metadata({ isScoped }: { isScoped: boolean }) {
  const schema = z.strictObject({
    name: name('Name of the resource, unique among its kind in its project or organization.'),
    project: project.optional(),
    labels: labels('Labels by Kubernetes’ rules; groups and rules select by them.').optional(),
    annotations: annotations.optional(),
    uid: freeText(63, 'Set by the server: identity of the resource, never reused.').optional(),
    generation: z
      .int()
      .nonnegative()
      .meta({ description: 'Set by the server: counts the changes of spec.' })
      .optional(),
    resourceVersion: freeText(63, 'Set by the server: version for optimistic concurrency.').optional(),
  });
  const described = schema.meta({ description: 'What names and describes the resource.' });
  return isScoped ? described : described.superRefine(refuseProject, ALWAYS);
}

function refuseProject(value: Metadata, context: z.core.$RefinementCtx): void {
  if (value.project === undefined) return;
  report(context, { code: 'ISM0035', message: 'this kind belongs to the organization, not to a project' }, ['project']);
}
