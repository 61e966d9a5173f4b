import { Inject, Injectable } from '@nestjs/common';
import { folderCommand, ticketFiles } from '@isthmus/installation';
import type { Clock } from '@isthmus/platform';
import type { EnrolmentRecord, ResourceRecord, Store } from '@isthmus/store';
import { auditOf, authorize, authorizeAt, clusterPlace, type Viewer } from '../../auth/viewer.js';
import { CLOCK, ONBOARDING_OPTIONS, STORE } from '../../core/tokens.js';
import type { Loaders } from '../../graphql/loaders.js';
import { isFailure, type MutationFailure } from '../results/failure.js';
import { issueToken, lifeFailure } from './issue-token.js';

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

/** Single-use tokens that let a cluster's agent in. */
@Injectable()
export class OnboardingService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ONBOARDING_OPTIONS) private readonly options: OnboardingOptions,
  ) {}

  async enrolments(viewer: Viewer, cluster: ResourceRecord, loaders: Loaders): Promise<EnrolmentRecord[]> {
    authorizeAt(viewer, 'agents.write', clusterPlace(cluster));
    return loaders.read((tx) => tx.enrolments.list(cluster.uid));
  }

  async createToken(
    viewer: Viewer,
    input: { cluster: string; minutes: number; again: boolean },
  ): Promise<EnrolmentModel | MutationFailure> {
    const { org } = authorize(viewer, 'agents.write');
    const { cluster: name, minutes, again: renews } = input;
    const tooLong = lifeFailure(minutes);
    if (tooLong !== undefined) return tooLong;
    const expiresAt = new Date(this.clock.now().getTime() + minutes * 60_000);
    const gatewayCa = await this.options.gatewayCa();
    return this.store.mutate(org, auditOf(viewer, 'createEnrolmentToken'), async (tx) => {
      const token = await issueToken(tx, viewer, { name, expiresAt, renews });
      if (isFailure(token)) return token;
      const { secret, cluster } = token;
      const { gatewayUrl } = this.options;
      const ticket = { cluster: name, gatewayUrl, gatewayCa, secret };
      const installCommand = `${ticketFiles(ticket)}\n${folderCommand(ticket)}`;
      return { cluster, secret, expiresAt, gatewayUrl, gatewayCa, installCommand };
    });
  }
}
