import type { EgressGateway } from '../../intent/egress-gateway.js';
import type { Via } from '../../resources/policies/egress-gateway.js';
import { sortedPairs } from '../sorted-pairs.js';

/** The gateway, as entries write it. */
export function viaOf(via: Via | undefined): EgressGateway | undefined {
  if (via === undefined) return undefined;
  const { namespace, selector, port } = via;
  return { namespace, selector: sortedPairs(selector), ...(port === undefined ? {} : { port }) };
}
