import { Inject, Injectable } from '@nestjs/common';
import { ApplyService } from './modules/apply/apply.service.js';
import { AuditService } from './modules/audit/audit.service.js';
import { ChangeLinksService } from './modules/audit/change-links.service.js';
import { ClustersService } from './modules/clusters/clusters.service.js';
import { DeparturesService } from './modules/clusters/departures.service.js';
import { GlobalServicesService } from './modules/global-services/global-services.service.js';
import { HoldsService } from './modules/holds/holds.service.js';
import { IssuesService } from './modules/issues/issues.service.js';
import { ManifestsService } from './modules/manifests/manifests.service.js';
import { MembershipService } from './modules/membership/membership.service.js';
import { MeshObjectsService } from './modules/mesh-objects/mesh-objects.service.js';
import { OnboardingService } from './modules/onboarding/onboarding.service.js';
import { OrganizationsService } from './modules/organizations/organizations.service.js';
import { ResourcesService } from './modules/resources/resources.service.js';
import { ExplanationsService } from './modules/explanations/explanations.service.js';
import { RolesService } from './modules/roles/roles.service.js';
import { RevisionsService } from './modules/revisions/revisions.service.js';
import { SearchService } from './modules/search/search.service.js';
import { ServiceAccountsService } from './modules/service-accounts/service-accounts.service.js';
import { SessionsService } from './modules/sessions/sessions.service.js';
import { TargetsService } from './modules/targets/targets.service.js';
import { TopologyService } from './modules/topology/topology.service.js';
import { TokensService } from './modules/tokens/tokens.service.js';
import { EventHub } from './events/event-hub.js';

/** What resolvers call; every method takes the viewer and checks its rights again. */
@Injectable()
export class Services {
  @Inject(ResourcesService) readonly resources!: ResourcesService;
  @Inject(ApplyService) readonly apply!: ApplyService;
  @Inject(ClustersService) readonly clusters!: ClustersService;
  @Inject(DeparturesService) readonly departures!: DeparturesService;
  @Inject(GlobalServicesService) readonly globalServices!: GlobalServicesService;
  @Inject(ExplanationsService) readonly explanations!: ExplanationsService;
  @Inject(RevisionsService) readonly revisions!: RevisionsService;
  @Inject(RolesService) readonly roles!: RolesService;
  @Inject(TargetsService) readonly targets!: TargetsService;
  @Inject(IssuesService) readonly issues!: IssuesService;
  @Inject(AuditService) readonly audit!: AuditService;
  @Inject(ChangeLinksService) readonly changeLinks!: ChangeLinksService;
  @Inject(HoldsService) readonly holds!: HoldsService;
  @Inject(SearchService) readonly search!: SearchService;
  @Inject(ServiceAccountsService) readonly serviceAccounts!: ServiceAccountsService;
  @Inject(SessionsService) readonly sessions!: SessionsService;
  @Inject(TopologyService) readonly topology!: TopologyService;
  @Inject(TokensService) readonly tokens!: TokensService;
  @Inject(ManifestsService) readonly manifests!: ManifestsService;
  @Inject(MembershipService) readonly membership!: MembershipService;
  @Inject(MeshObjectsService) readonly meshObjects!: MeshObjectsService;
  @Inject(OnboardingService) readonly onboarding!: OnboardingService;
  @Inject(OrganizationsService) readonly organizations!: OrganizationsService;
  @Inject(EventHub) readonly events!: EventHub;
}
