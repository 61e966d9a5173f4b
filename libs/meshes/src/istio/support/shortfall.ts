import type { SupportReason } from '../../support.js';

/** Why Istio cannot do a feature, or not wholly; `fields` are dropped or weakened. */
export interface Shortfall {
  state: 'partial' | 'unsupported';
  reason: SupportReason;
  fields: string[];
  alternative: string;
}
