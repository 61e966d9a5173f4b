import type { IntentFeature, SupportFacts } from '../../support.js';
import type { Shortfall } from './shortfall.js';

type Public = Extract<IntentFeature, { kind: 'publicService' }>;

/** What a namespace sees of a host is one thing: for east-west gateways it is the local service alone. */
export function publicSupport({ namespace }: Public, { gatewayNamespaces = [] }: SupportFacts): Shortfall | undefined {
  if (!gatewayNamespaces.includes(namespace)) return undefined;
  const alternative = 'Give the ingress gateway a namespace of its own.';
  return { state: 'unsupported', reason: 'NEEDS_TOPOLOGY', fields: ['gateways.namespace'], alternative };
}
