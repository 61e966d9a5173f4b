import * as z from 'zod';
import type { LabelExpression } from '../types.js';
import { isLabelKey, isLabelValue } from '../text/labels.js';
import { checkGlob } from '../text/names.js';
import { quote } from '../text/quote.js';
import { list, oneOf, report, text } from './checked.js';
import { labels, name } from './metadata.js';

const key = text(
  (value) => (isLabelKey(value) ? undefined : { code: 'ISM0010', message: `${quote(value)} is not a label key` }),
  { description: 'Key of the label.' },
);

const value = text(
  (label) =>
    isLabelValue(label) ? undefined : { code: 'ISM0010', message: `${quote(label)} is not a value of a label` },
  { description: 'A value of the label.', maxLength: 63 },
);

const expression = z
  .strictObject({
    key,
    operator: oneOf(
      ['In', 'NotIn', 'Exists', 'DoesNotExist'],
      'NotIn also holds where the label is absent, as in Kubernetes.',
    ),
    values: list(value, { description: 'Values for In and NotIn; none for Exists and DoesNotExist.' }).optional(),
  })
  .superRefine(checkExpression)
  .meta({ description: 'A requirement on one label.' });

function checkExpression({ operator, values }: LabelExpression, context: z.core.$RefinementCtx): void {
  const takesValues = operator === 'In' || operator === 'NotIn';
  const has = values !== undefined && values.length > 0;
  if (takesValues === has) return;
  const message = takesValues ? `${operator} needs values` : `${operator} takes no values`;
  report(context, { code: 'ISM0025', message }, ['values']);
}

/** An unknown field has its own issue; that nothing else is left then is no second one. */
const UNSPOILT = { when: ({ issues }: { issues: readonly unknown[] }) => issues.length === 0 };

/** What selectors select, and what forms complete their names from. */
const SELECTED = { cluster: 'Cluster', namespace: 'Namespace', service: 'Service' } as const;
type Selected = keyof typeof SELECTED;

function fields(what: Selected) {
  const listOf = <T extends z.ZodType>(element: T, description: string) =>
    list(element, { description, whenEmpty: 'ISM0022' });
  return {
    names: listOf(name(`Name of a ${what}.`, SELECTED[what]), `Names of ${what}s, ORed with globs.`).optional(),
    globs: listOf(
      text(checkGlob, { description: 'A glob.', examples: ['shop-*'] }),
      `Globs over names of ${what}s: * any characters, ? one character; ORed with names.`,
    ).optional(),
    matchLabels: labels(`Labels that a ${what} must have, all of them.`, { mayBeEmpty: false }).optional(),
    matchExpressions: listOf(expression, `Requirements on labels of a ${what}, all of which must hold.`).optional(),
  };
}

function refuseEmpty(selector: object, context: z.core.$RefinementCtx): void {
  if (Object.values(selector).some((field) => field !== undefined)) return;
  const hint = 'leave the field out to select all';
  report(context, { code: 'ISM0021', message: 'the selector is empty and could mean all or nothing', hint });
}

/** A selector of things of one sort; at least one field. */
export function selector(what: Selected) {
  const description = `Selects ${what}s; the given fields are ANDed, names and globs are ORed. Leave out to select all.`;
  return z.strictObject(fields(what)).superRefine(refuseEmpty, UNSPOILT).meta({ description, minProperties: 1 });
}

/** A selector by name alone, where labels are not known. */
function nameSelector(what: Selected) {
  const { names, globs } = fields(what);
  return z
    .strictObject({ names, globs })
    .superRefine(refuseEmpty, UNSPOILT)
    .meta({
      description: `Selects ${what}s by name; names and globs are ORed. Leave out to select all.`,
      minProperties: 1,
    });
}

/** A selector of clusters, which may also name groups. */
export function clusterSelector() {
  const groups = list(name('Name of a ClusterGroup.', 'ClusterGroup'), {
    description: 'ClusterGroups whose clusters are selected, ORed with names and globs.',
    whenEmpty: 'ISM0022',
  });
  const description =
    'Selects clusters; the given fields are ANDed, names, globs and groups are ORed. Leave out to select all.';
  return z
    .strictObject({ ...fields('cluster'), groups: groups.optional() })
    .superRefine(refuseEmpty, UNSPOILT)
    .meta({ description, minProperties: 1 });
}

/** The rule of `members` and `exclude`. */
export const membershipRule = z
  .strictObject({
    clusters: clusterSelector().optional(),
    namespaces: selector('namespace').optional(),
    services: selector('service').optional(),
  })
  .superRefine(refuseEmptyRule, UNSPOILT)
  .meta({ description: 'A rule: its selectors are ANDed, an omitted one selects all.', minProperties: 1 });

/** The rule of service groups. Labels are those of the Kubernetes Service. */
export const groupRule = z
  .strictObject({
    clusters: clusterSelector().optional(),
    namespaces: nameSelector('namespace').optional(),
    services: selector('service').optional(),
  })
  .superRefine(refuseEmptyRule, UNSPOILT)
  .meta({ description: 'A rule: its selectors are ANDed, an omitted one selects all.', minProperties: 1 });

/** The rule of `consumers`. */
export const consumerRule = z
  .strictObject({ clusters: clusterSelector().optional(), namespaces: selector('namespace').optional() })
  .superRefine(refuseEmptyRule, UNSPOILT)
  .meta({
    description: 'A rule of who may call: its selectors are ANDed, an omitted one selects all.',
    minProperties: 1,
  });

function refuseEmptyRule(rule: object, context: z.core.$RefinementCtx): void {
  if (Object.values(rule).some((field) => field !== undefined)) return;
  const hint = "to mean everything write clusters: {globs: ['*']}";
  report(context, { code: 'ISM0021', message: 'the rule is empty and could mean all or nothing', hint });
}
