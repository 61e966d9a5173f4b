import { randomBytes } from 'node:crypto';
import { issue } from '@isthmus/domain';
import type { MutationTx } from '@isthmus/store';
import { hashToken } from '../../auth/api-token.js';
import { authorizeAt, clusterPlace, mayRead, type Viewer } from '../../auth/viewer.js';
import { failure, type MutationFailure } from '../results/failure.js';

const MIN_MINUTES = 1;
const MAX_MINUTES = 24 * 60;

/** A token that was stored, and the uid of its cluster. */
export interface IssuedToken {
  cluster: string;
  secret: string;
  expiresAt: Date;
}

/** Undefined if a token may live that long. */
export function lifeFailure(minutes: number): MutationFailure | undefined {
  if (minutes >= MIN_MINUTES && minutes <= MAX_MINUTES) return undefined;
  const message = `a token lives ${MIN_MINUTES} to ${MAX_MINUTES} minutes`;
  return failure('INVALID', message, { issues: [issue('ISM0506', { path: 'expiresInMinutes', message })] });
}

/** Stores a new single-use token of a cluster, with its audit row. */
export async function issueToken(
  tx: MutationTx,
  viewer: Viewer,
  { name, expiresAt, renews = false }: { name: string; expiresAt: Date; renews?: boolean },
): Promise<IssuedToken | MutationFailure> {
  const cluster = await tx.resources.get({ kind: 'Cluster', project: '', name });
  if (cluster === undefined || !mayRead(viewer, cluster))
    return failure('NOT_FOUND', `There is no Cluster ${name}: create it first`);
  authorizeAt(viewer, 'agents.write', clusterPlace(cluster));
  const secret = `isthe_${randomBytes(32).toString('base64url')}`;
  const record = await tx.enrolments.create({ cluster: cluster.uid, secretHash: hashToken(secret), expiresAt, renews });
  await tx.record({ kind: 'EnrolmentToken', id: record.id, name, after: { cluster: cluster.uid, expiresAt, renews } });
  return { cluster: cluster.uid, secret, expiresAt };
}
