import type { SupportFacts } from '../../support.js';
import { kindName, type IstioKind } from '../render/owned-object.js';
import type { Shortfall } from './shortfall.js';

/** The verdict on a feature that Istio does with a kind of its own: whole, unless the cluster is known to lack the kind. */
export function needsKind(kind: IstioKind, field: string) {
  return (_feature: unknown, { unserved = [] }: SupportFacts): Shortfall | undefined => {
    const name = kindName(kind);
    if (!unserved.includes(name)) return undefined;
    const alternative = `Install the custom resource definition of ${name}, as Istio 1.24 brings it.`;
    return { state: 'unsupported', reason: 'NEEDS_VERSION', fields: [field], alternative };
  };
}
