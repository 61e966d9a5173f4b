import * as z from 'zod';
import type { Metadata } from '../types.js';
import { annotationFindings, labelFindings } from '../text/labels.js';
import { checkName, checkServiceName, NAME_PATTERN } from '../text/names.js';
import { ALWAYS, freeText, report, text, type Named } from './checked.js';

/** A name by RFC 1123, and what bears it, where it is the name of something else. */
export function name(description: string, names?: Named): z.ZodString {
  const named = names === undefined ? {} : { 'x-isthmus-names': names };
  return text(checkName, { description, pattern: NAME_PATTERN, maxLength: 63, ...named });
}

/** A service of a global namespace: `<service>`, or `<service>.<namespace>` where hosts hold the namespace. */
export function serviceName(description: string): z.ZodString {
  return text(checkServiceName, { description, 'x-isthmus-names': 'Service' });
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
export const project = name('The project that the resource belongs to; "default" if left out.', 'Project');

const setByServer = (what: string) => freeText(63, `Set by the server: ${what}`).meta({ readOnly: true }).optional();

/** Metadata of every kind; `isScoped` is false for kinds of the organization, which refuse a project. */
export function metadata({ isScoped }: { isScoped: boolean }) {
  const schema = z.strictObject({
    name: name('Name of the resource, unique among its kind in its project or organization.'),
    project: project.optional(),
    labels: labels('Labels by Kubernetes’ rules; groups and rules select by them.').optional(),
    annotations: annotations.optional(),
    uid: setByServer('identity of the resource, never reused.'),
    generation: z
      .int()
      .nonnegative()
      .meta({ description: 'Set by the server: counts the changes of spec.', readOnly: true })
      .optional(),
    resourceVersion: setByServer('version for optimistic concurrency.'),
  });
  const described = schema.meta({ description: 'What names and describes the resource.' });
  return isScoped ? described : described.superRefine(refuseProject, ALWAYS);
}

function refuseProject(value: Metadata, context: z.core.$RefinementCtx): void {
  if (value.project === undefined) return;
  report(context, { code: 'ISM0035', message: 'this kind belongs to the organization, not to a project' }, ['project']);
}
