import { Inject, Injectable } from '@nestjs/common';
import { issue } from '@isthmus/domain';
import { DEFAULT_NAMESPACE, installationObjects, valueFaults, type InstallationValues } from '@isthmus/installation';
import { renderYaml } from '@isthmus/meshes';
import type { Clock } from '@isthmus/platform';
import type { Store } from '@isthmus/store';
import { hashToken } from '../../auth/api-token.js';
import { auditOf, authorize, type Viewer } from '../../auth/viewer.js';
import { CLOCK, ONBOARDING_OPTIONS, STORE } from '../../core/tokens.js';
import { issueToken, lifeFailure } from '../onboarding/issue-token.js';
import type { OnboardingOptions } from '../onboarding/onboarding.service.js';
import { failure, isFailure, type MutationFailure } from '../results/failure.js';
import { newManifestId, seal, unseal } from './manifest-seal.js';

/** What a manifest is made for. */
export interface ManifestRequest {
  cluster: string;
  minutes: number;
  /** The token replaces an identity. */
  again: boolean;
  /** To be fetched by an address instead of being answered. */
  byUrl: boolean;
  namespace: string | undefined;
  values: Omit<InstallationValues, 'gateway' | 'enrolment'>;
}

export interface ManifestModel {
  cluster: string;
  manifest: string | undefined;
  path: string | undefined;
  fetches: number | undefined;
  expiresAt: Date;
}

/** Answer to somebody who shows an id. */
export type FetchedManifest =
  { outcome: 'ok'; manifest: string } | { outcome: 'unknown' } | { outcome: 'used' } | { outcome: 'expired' };

export const MANIFEST_PATH = '/v1/manifests/';

/** kubectl may have to ask again, and a careful person looks first; a link that was passed on soon leads nowhere. */
const FETCHES = 3;

/** Manifests that install an agent, with a token inside. */
@Injectable()
export class ManifestsService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ONBOARDING_OPTIONS) private readonly options: OnboardingOptions,
  ) {}

  async create(viewer: Viewer, request: ManifestRequest): Promise<ManifestModel | MutationFailure> {
    const { org } = authorize(viewer, 'agents.write');
    const { cluster: name, minutes, namespace = DEFAULT_NAMESPACE } = request;
    const faults = lifeFailure(minutes) ?? valueFailure(request, namespace);
    if (faults !== undefined) return faults;
    const ca = await this.options.gatewayCa();
    if (ca === undefined) return failure('REFUSED', 'The CA of the gateway is not known here: use the chart');
    const expiresAt = new Date(this.clock.now().getTime() + minutes * 60_000);
    return this.store.mutate(org, auditOf(viewer, 'createAgentManifest'), async (tx) => {
      const token = await issueToken(tx, viewer, { name, expiresAt, renews: request.again });
      if (isFailure(token)) return token;
      const gateway = { url: this.options.gatewayUrl, ca };
      const values = { ...request.values, gateway, enrolment: { token: token.secret } };
      const manifest = renderYaml(installationObjects(values, namespace));
      const { cluster } = token;
      if (!request.byUrl) return { cluster, manifest, path: undefined, fetches: undefined, expiresAt };
      const id = newManifestId();
      const kept = { cluster, idHash: hashToken(id), sealed: seal(id, manifest), reads: FETCHES, expiresAt };
      await tx.manifests.create(kept);
      return { cluster, manifest: undefined, path: `${MANIFEST_PATH}${id}`, fetches: FETCHES, expiresAt };
    });
  }

  /** Counts a fetch, with an audit row. Who shows the id may have it: that is all the id is for. */
  async fetch(id: string, from: { ip: string; requestId: string }): Promise<FetchedManifest> {
    const idHash = hashToken(id);
    const org = await this.store.system.organizationOfManifest(idHash);
    if (org === undefined) return { outcome: 'unknown' };
    return this.store.mutate(org, { actor: 'manifest', action: 'fetchAgentManifest', ...from }, async (tx) => {
      const taken = await tx.manifests.take(idHash);
      if (taken.outcome !== 'ok') return { outcome: taken.outcome };
      const { cluster, readsLeft } = taken;
      await tx.record({ kind: 'AgentManifest', id: idHash.slice(0, 12), name: cluster, after: { cluster, readsLeft } });
      return { outcome: 'ok' as const, manifest: unseal(id, taken.sealed) };
    });
  }
}

function valueFailure({ values }: ManifestRequest, namespace: string): MutationFailure | undefined {
  const faults = valueFaults(values, namespace);
  if (faults.length === 0) return undefined;
  const issues = faults.map((fault) => issue('ISM0533', fault));
  return failure('INVALID', 'No manifest can be made of these values', { issues });
}
