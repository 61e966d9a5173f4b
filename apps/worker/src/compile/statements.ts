import type { Ref } from '@isthmus/domain';
import { statementText } from '@isthmus/protocol';
import type { StepName } from '@isthmus/protocol';
import type { Signer } from '../signer/signer.js';
import type { GnsKey } from './snapshot.js';

/** A signed pointer as it is stored and handed to agents. */
export interface SignedRef {
  next: Ref;
  statement: string;
  signature: string;
}

/** Signs where the catalog of a global namespace stands: the same for every member. */
export function signCatalog(signer: Signer, { org, gns }: GnsKey, next: Ref): SignedRef {
  const statement = statementText({ org, gns, line: 'catalog', ...next });
  return { next, statement, signature: signer.sign(statement) };
}

/** Signs where one cluster's policy stands, from which catalog on it may be applied, and how far for now. */
export function signPolicy(
  signer: Signer,
  { org, gns }: GnsKey,
  target: { cluster: string; next: Ref; minCatalogSeq: number; step: StepName | undefined },
): SignedRef {
  const { cluster, next, minCatalogSeq, step } = target;
  const statement = statementText({ org, cluster, gns, line: 'policy', ...next, minCatalogSeq, step });
  return { next, statement, signature: signer.sign(statement) };
}
