import { type DynamicModule, Module } from '@nestjs/common';
import type { Clock, Logger } from '@isthmus/platform';
import type { Store } from '@isthmus/store';
import { NO_SIGN_IN, type SignInSettings } from '../auth/sign-in-settings.js';
import { EventHub } from '../events/event-hub.js';
import { ApplyService } from '../modules/apply/apply.service.js';
import { AuditService } from '../modules/audit/audit.service.js';
import { ChangeLinksService } from '../modules/audit/change-links.service.js';
import { ClustersService } from '../modules/clusters/clusters.service.js';
import { DeparturesService } from '../modules/clusters/departures.service.js';
import { GlobalServicesService } from '../modules/global-services/global-services.service.js';
import { HoldsService } from '../modules/holds/holds.service.js';
import { IssuesService } from '../modules/issues/issues.service.js';
import { ManifestsService } from '../modules/manifests/manifests.service.js';
import { MembershipService } from '../modules/membership/membership.service.js';
import { MeshObjectsService } from '../modules/mesh-objects/mesh-objects.service.js';
import { OnboardingService, type OnboardingOptions } from '../modules/onboarding/onboarding.service.js';
import { OrganizationsService } from '../modules/organizations/organizations.service.js';
import { ResourcesService } from '../modules/resources/resources.service.js';
import { ExplanationsService } from '../modules/explanations/explanations.service.js';
import { RolesService } from '../modules/roles/roles.service.js';
import { RevisionsService } from '../modules/revisions/revisions.service.js';
import { SearchService } from '../modules/search/search.service.js';
import { ServiceAccountsService } from '../modules/service-accounts/service-accounts.service.js';
import { SessionsService } from '../modules/sessions/sessions.service.js';
import { TargetsService } from '../modules/targets/targets.service.js';
import { TopologyService } from '../modules/topology/topology.service.js';
import { TokensService } from '../modules/tokens/tokens.service.js';
import { Services } from '../services.js';
import { CLOCK, ONBOARDING_OPTIONS, SIGN_IN_SETTINGS, STATEMENT_KEYS, STORE } from './tokens.js';

/** What the API is built on. */
export interface ApiParts {
  store: Store;
  clock: Clock;
  log: Logger;
  onboarding: OnboardingOptions;
  /** How people sign in; by default nobody does. */
  signIn?: { settings: SignInSettings };
  /** Public keys, in PEM, of those who sign statements and seals. */
  statementKeys: () => Promise<readonly string[]>;
}

/** Wires the services; types and resolvers are static and find them in the context of each operation. */
@Module({})
export class ApiModule {
  static with(parts: ApiParts): DynamicModule {
    return {
      module: ApiModule,
      providers: [
        { provide: STORE, useValue: parts.store },
        { provide: CLOCK, useValue: parts.clock },
        { provide: STATEMENT_KEYS, useValue: parts.statementKeys },
        { provide: SIGN_IN_SETTINGS, useValue: parts.signIn?.settings ?? NO_SIGN_IN },
        { provide: ONBOARDING_OPTIONS, useValue: parts.onboarding },
        ApplyService,
        AuditService,
        ChangeLinksService,
        ClustersService,
        DeparturesService,
        EventHub,
        GlobalServicesService,
        HoldsService,
        IssuesService,
        ManifestsService,
        MembershipService,
        MeshObjectsService,
        OnboardingService,
        OrganizationsService,
        ResourcesService,
        ExplanationsService,
        RevisionsService,
        RolesService,
        SearchService,
        ServiceAccountsService,
        Services,
        SessionsService,
        TargetsService,
        TokensService,
        TopologyService,
      ],
    };
  }
}
