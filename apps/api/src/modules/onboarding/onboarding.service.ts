import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { issue } from '@isthmus/domain';
import type { Clock } from '@isthmus/platform';
import type { EnrolmentRecord, Store } from '@isthmus/store';
import { hashToken } from '../../auth/api-token.js';
import { auditOf, authorize, type Viewer } from '../../auth/viewer.js';
import { CLOCK, ONBOARDING_OPTIONS, STORE } from '../../core/tokens.js';
import type { Loaders } from '../../graphql/loaders.js';
import { failure, type MutationFailure } from '../results/failure.js';
import { installCommand } from './install-command.js';

/** How agents find the gateway. */
export interface OnboardingOptions {
  /** Address that agents dial. */
  gatewayUrl: string;
  /** CA that agents trust the gateway by, in PEM; undefined if it is a public one or not known here. */
  gatewayCa: () => Promise<string | undefined>;
}

export interface EnrolmentModel {
  cluster: string;
  secret: string;
  expiresAt: Date;
  gatewayUrl: string;
  gatewayCa: string | undefined;
  installCommand: string;
}

const MIN_MINUTES = 1;
const MAX_MINUTES = 24 * 60;

/** Single-use tokens that let a cluster's agent in. */
@Injectable()
export class OnboardingService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ONBOARDING_OPTIONS) private readonly options: OnboardingOptions,
  ) {}

  async enrolments(viewer: Viewer, cluster: string, loaders: Loaders): Promise<EnrolmentRecord[]> {
    authorize(viewer, 'agents.write');
    return loaders.read((tx) => tx.enrolments.list(cluster));
  }

  async createToken(
    viewer: Viewer,
    input: { cluster: string; minutes: number },
  ): Promise<EnrolmentModel | MutationFailure> {
    const { org } = authorize(viewer, 'agents.write');
    const { cluster: name, minutes } = input;
    if (minutes < MIN_MINUTES || minutes > MAX_MINUTES) {
      const message = `a token lives ${MIN_MINUTES} to ${MAX_MINUTES} minutes`;
      return failure('INVALID', message, { issues: [issue('ISM0506', { path: 'expiresInMinutes', message })] });
    }
    const secret = `isthe_${randomBytes(32).toString('base64url')}`;
    const expiresAt = new Date(this.clock.now().getTime() + minutes * 60_000);
    const gatewayCa = await this.options.gatewayCa();
    return this.store.mutate(org, auditOf(viewer, 'createEnrolmentToken'), async (tx) => {
      const cluster = await tx.resources.get({ kind: 'Cluster', project: '', name });
      if (cluster === undefined) return failure('NOT_FOUND', `There is no Cluster ${name}: create it first`);
      const record = await tx.enrolments.create({ cluster: cluster.uid, secretHash: hashToken(secret), expiresAt });
      await tx.record({ kind: 'EnrolmentToken', id: record.id, name, after: { cluster: cluster.uid, expiresAt } });
      const { gatewayUrl } = this.options;
      const command = installCommand({ cluster: name, gatewayUrl, secret, hasCa: gatewayCa !== undefined });
      return { cluster: cluster.uid, secret, expiresAt, gatewayUrl, gatewayCa, installCommand: command };
    });
  }
}
