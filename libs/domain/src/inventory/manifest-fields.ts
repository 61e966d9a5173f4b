import { formatPath, type PathStep } from '../issues/field-path.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { isPort } from './ports.js';
import type { KubeObject } from '../kube-object.js';
import { textFault } from '../resources/hygiene.js';
import { isLabelKey, isLabelValue } from '../resources/text/labels.js';
import { isDnsLabel } from '../resources/text/names.js';
import { describeValue, quote } from '../resources/text/quote.js';

/** A mapping of a manifest whose content nobody has checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as a mapping; an empty one if it is none. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** True for mappings. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads fields of one manifest: what has a wrong type becomes an issue and counts as absent. */
export class ManifestReader {
  private complaints = 0;

  constructor(
    readonly source: KubeObject,
    private readonly issues: Issue[],
  ) {}

  /** True while everything that was read is what Kubernetes would take. */
  get isSound(): boolean {
    return this.complaints === 0;
  }

  /** Notes that a field is not understood. */
  complain(steps: readonly PathStep[], message: string): undefined {
    const { kind, metadata } = this.source;
    const name = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
    this.complaints += 1;
    this.issues.push(issue('ISM0140', { path: formatPath(steps), message, resource: { kind, name } }));
    return undefined;
  }

  /** The value at a place; undefined if the place does not exist. */
  at(steps: readonly PathStep[]): unknown {
    return steps.reduce<unknown>((value, step) => {
      if (Array.isArray(value)) return typeof step === 'number' ? (value as unknown[])[step] : undefined;
      return isFields(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    }, this.source);
  }

  /** The text at a place; what no database and no mesh takes is refused. */
  text(steps: readonly PathStep[]): string | undefined {
    const value = this.at(steps);
    if (typeof value !== 'string') return this.wrong(steps, 'a text');
    const fault = textFault(value);
    return fault === undefined ? value : this.complain(steps, fault);
  }

  /** The list at a place, empty if there is none. */
  list(steps: readonly PathStep[]): readonly unknown[] {
    const value = this.at(steps);
    if (Array.isArray(value)) return value;
    return this.wrong(steps, 'a list') ?? [];
  }

  /** The texts of a list; others are left out. */
  texts(steps: readonly PathStep[]): string[] {
    return this.list(steps).flatMap((_, index) => this.text([...steps, index]) ?? []);
  }

  /** Labels or a selector, sorted by key; what is no label by Kubernetes' rules is left out. */
  labels(steps: readonly PathStep[]): Record<string, string> {
    const value = this.at(steps);
    if (!isFields(value)) return this.wrong(steps, 'a mapping') ?? {};
    const keys = Object.keys(value).sort();
    return Object.fromEntries(
      keys.flatMap((key): [string, string][] => {
        const value = this.labelValue([...steps, key], key);
        return value === undefined ? [] : [[key, value]];
      }),
    );
  }

  private labelValue(steps: readonly PathStep[], key: string): string | undefined {
    if (!isLabelKey(key)) return this.complain(steps, `${quote(key)} is not a label key`);
    const text = this.text(steps);
    return text === undefined || isLabelValue(text) ? text : this.wrong(steps, 'the value of a label');
  }

  /** The port number at a place. */
  port(steps: readonly PathStep[]): number | undefined {
    const value = this.at(steps);
    return isPort(value) ? value : this.wrong(steps, 'a port from 1 to 65535');
  }

  /** The DNS label at a place. */
  label(steps: readonly PathStep[]): string | undefined {
    const text = this.text(steps);
    return text === undefined || isDnsLabel(text) ? text : this.wrong(steps, 'a name of lower-case letters and digits');
  }

  private wrong(steps: readonly PathStep[], expected: string): undefined {
    const value = this.at(steps);
    if (value === undefined || value === null) return undefined;
    return this.complain(steps, `${formatPath(steps)} must be ${expected}, but it is ${describeValue(value)}`);
  }
}
