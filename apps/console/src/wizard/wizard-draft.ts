import { stringify } from 'yaml';

/** A rule of membership as it is written: words with commas between. */
export interface RuleDraft {
  clusters: string;
  namespaces: string;
  services: string;
}

/** Everything that the wizard asks, as it is written. */
export interface WizardDraft {
  name: string;
  project: string;
  domain: string;
  rules: RuleDraft[];
  encryption: '' | 'STRICT' | 'PERMISSIVE' | 'DISABLE';
  access: '' | 'NAMESPACES' | 'DENY';
  callers: string;
  slo: '' | 'AVAILABILITY' | 'LATENCY';
  objective: string;
  threshold: string;
  days: string;
}

export const EMPTY_RULE: RuleDraft = { clusters: '', namespaces: '', services: '' };

export const EMPTY_DRAFT: WizardDraft = {
  ...{ name: '', project: 'default', domain: '', rules: [EMPTY_RULE], encryption: 'STRICT', access: '', callers: '' },
  ...{ slo: '', objective: '99.9', threshold: '300', days: '28' },
};

/** A draft as it was kept; what is missing or of another kind is as in an empty one. */
export function draftOf(text: string): WizardDraft {
  let kept: Partial<WizardDraft>;
  try {
    kept = JSON.parse(text) as Partial<WizardDraft>;
  } catch {
    return EMPTY_DRAFT;
  }
  return { ...EMPTY_DRAFT, ...kept };
}

const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '');

/** A selector of names, patterns and labels; undefined for an empty text, which selects all. */
export function selectorOf(text: string): object | undefined {
  const words = wordsOf(text);
  if (words.length === 0) return undefined;
  const labels = words.filter((word) => word.includes('='));
  const globs = words.filter((word) => !word.includes('=') && word.includes('*'));
  const names = words.filter((word) => !word.includes('=') && !word.includes('*'));
  const pairs = labels.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]);
  return {
    ...(names.length > 0 ? { names } : {}),
    ...(globs.length > 0 ? { globs } : {}),
    ...(pairs.length > 0 ? { matchLabels: Object.fromEntries(pairs) as Record<string, string> } : {}),
  };
}

/** The spec of the global namespace. */
export function namespaceSpec({ domain, rules }: Pick<WizardDraft, 'domain' | 'rules'>): object {
  const members = rules.map((rule) => {
    const fields = (['clusters', 'namespaces', 'services'] as const).map((field) => [field, selectorOf(rule[field])]);
    return Object.fromEntries(fields.filter(([, selector]) => selector !== undefined)) as object;
  });
  return { domain, members };
}

/** What the wizard must be told before anybody can judge it. */
export type Gap = 'name' | 'project' | 'domain' | 'rules' | 'callers' | 'objective' | 'threshold' | 'days';

const isBlank = (text: string): boolean => text.trim() === '';

/** True for a rule in which nothing is filled in: it could mean all or nothing. */
export const isBlankRule = ({ clusters, namespaces, services }: RuleDraft): boolean =>
  [clusters, namespaces, services].every((text) => wordsOf(text).length === 0);

/** What is not filled in yet, in the order in which it is asked. */
export function gapsOf(draft: WizardDraft): Gap[] {
  const { name, project, domain, rules, access, callers, slo, objective, threshold, days } = draft;
  const gaps: Readonly<Record<Gap, boolean>> = {
    name: isBlank(name),
    project: isBlank(project),
    domain: isBlank(domain),
    rules: rules.some(isBlankRule),
    callers: access === 'NAMESPACES' && wordsOf(callers).length === 0,
    objective: slo !== '' && isBlank(objective),
    threshold: slo === 'LATENCY' && isBlank(threshold),
    days: slo !== '' && isBlank(days),
  };
  return (Object.keys(gaps) as Gap[]).filter((gap) => gaps[gap]);
}

/** 99.9 becomes 0.999 without a detour by binary fractions; what is no number stays, and is refused where it is judged. */
export function shareOf(percent: string): string {
  const [, whole = '', part = ''] = /^(\d{1,2})(?:\.(\d*))?$/.exec(percent.trim()) ?? [];
  if (whole === '') return percent;
  return `0.${whole.padStart(2, '0')}${part}`.replace(/0+$/, '');
}

/** What is no whole number stays text, and is refused where it is judged. */
const numberOf = (text: string): number | string => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : text);

function accessSpec({ access, callers }: WizardDraft): object | undefined {
  if (access === '') return undefined;
  if (access === 'DENY') return { default: 'DENY' };
  return { default: 'DENY', rules: [{ action: 'ALLOW', from: [{ namespaces: wordsOf(callers) }] }] };
}

function sloSpec({ slo, objective, threshold, days }: WizardDraft): object | undefined {
  if (slo === '') return undefined;
  return {
    indicator: slo === 'LATENCY' ? { type: slo, thresholdMs: numberOf(threshold) } : { type: slo },
    objective: shareOf(objective),
    timeWindow: { duration: `${days.trim()}d`, isRolling: true },
  };
}

/** The documents as YAML: the global namespace, and a policy for each thing that was chosen. */
export function documentsOf(draft: WizardDraft): string {
  const { name, project, encryption } = draft;
  const targets = [{ globalNamespace: name }];
  const document = (kind: string, suffix: string, spec: object | undefined): string[] => {
    if (spec === undefined) return [];
    const metadata = { name: `${name}${suffix}`, project };
    return [stringify({ apiVersion: 'isthmus.dev/v1alpha1', kind, metadata, spec })];
  };
  const policy = (kind: string, suffix: string, spec: object | undefined): string[] =>
    document(kind, suffix, spec && { targets, ...spec });
  return [
    ...document('GlobalNamespace', '', namespaceSpec(draft)),
    ...policy('EncryptionPolicy', '-encryption', encryption === '' ? undefined : { mode: encryption }),
    ...policy('AccessPolicy', '-access', accessSpec(draft)),
    ...policy('SloPolicy', '-slo', sloSpec(draft)),
  ].join('---\n');
}
