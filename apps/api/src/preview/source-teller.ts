import type { ObjectSource, ObjectSources, RenderedObject } from '@isthmus/meshes';
import { withoutHiddenPolicies } from '../auth/hidden-policies.js';
import type { Secrecy } from '../auth/secrecy.js';

/** Renderings that one answer may take to tell where its objects come from. */
const MAX_COMPARISONS = 500;

/** Tells where objects of one answer come from, as far as its budget goes, without policies that the viewer may not see. */
export function sourceTeller(
  secrecy: Secrecy,
): (sources: ObjectSources, object: RenderedObject) => ObjectSource[] | undefined {
  const budget = { left: MAX_COMPARISONS };
  return (sources, object) => {
    const found = sources.of(object, budget);
    return found && withoutHiddenPolicies(found, secrecy);
  };
}
