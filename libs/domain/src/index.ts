export {
  ANNOTATIONS,
  API_GROUP,
  API_VERSION,
  FIELD_MANAGER,
  GROUP_VERSION,
  LABELS,
  MACHINE_SERVICE_LABEL,
  MANAGED_BY,
} from './api-group.js';
export { objectKey } from './kube-object.js';
export type { KubeMetadata, KubeObject, KubeObjectRef } from './kube-object.js';
export { serviceManifest } from './issues/manifest-ref.js';
export type { Issue, ManifestRef, ResourceRef, Severity, SourcePosition } from './issues/issue.js';
export { DEFAULT_PROJECT } from './resources/types.js';
export type {
  Cluster,
  ClusterGroup,
  ClusterGroupSpec,
  ClusterSelector,
  ClusterSpec,
  ConsumerRule,
  EncryptionMode,
  EncryptionPolicy,
  EncryptionPolicySpec,
  FailoverPolicy,
  GatewaySpec,
  GlobalNamespace,
  GlobalNamespaceSpec,
  LabelExpression,
  MembershipRule,
  MeshKind,
  RawExtension,
  Metadata,
  Policy,
  PolicyKind,
  PolicyTarget,
  Project,
  ProjectSpec,
  Resource,
  ResourceKind,
  ResourceOf,
  Selector,
  ScopedPolicyKind,
  ScopedTarget,
  SloPolicy,
  SloPolicySpec,
  DataGroup,
  EgressPolicy,
  ExternalService,
  AccessPolicy,
  AuthenticationPolicy,
  ServiceGroup,
  TelemetryPolicy,
  TrafficPolicy,
  UserGroup,
  WorkloadSite,
} from './resources/types.js';
export type {
  ClusterInventory,
  DiscoveredGateway,
  DiscoveredMesh,
  InventoryNamespace,
  InventoryService,
  InventoryServicePort,
  InventoryWorkload,
} from './inventory/types.js';
export type { Canonical, Hash, Ref, Tree, TreeDelta, TreeEntry, TreeKind } from './tree/types.js';
export type {
  CatalogEntry,
  ClusterEntry,
  ConsumerEntry,
  EncryptionEntry,
  GatewayEntry,
  GnsEntry,
  GroupEntry,
  HostEntry,
  HostPort,
  MemberEntry,
  MemberState,
  NameValue,
  PolicyEntry,
  PortProtocol,
  SloEntry,
  UserGroupEntry,
  UserRule,
} from './intent/entries.js';
export type { GnsView, HostView, LocalFacts, LocalNamespace } from './intent/view.js';
export { EMPTY_ROOT, EMPTY_TREE, buildTree, updateTree } from './tree/build.js';
export { byCodeUnit, canonicalJson, isWellFormed } from './tree/canonical.js';
export { applyDelta, diffTrees, verifyTree } from './tree/delta.js';
export type { TreeFault, TreeResult } from './tree/delta.js';
export { entry, hostOf, isEntryName, isIntact, unitOf } from './tree/entry.js';
export { hashNode, sha256Hex } from './tree/hash.js';
export type { NodeKind } from './tree/hash.js';
export { changedNodes, reachableNodes, readTree, treeNodes } from './tree/nodes.js';
export type { Reachable, ReadNodes, ReadTreeResult, TreeNode } from './tree/nodes.js';
export { featureText } from './intent/feature-text.js';
export { AuditChain, type AuditAnchor, type AuditChainOptions } from './audit/audit-chain.js';
export { auditRowHash, auditRowsHash, type AuditRow } from './audit/audit-row.js';
export { FIRST_SEAL, nextSeal, sealText, type AuditSeal } from './audit/audit-seal.js';
export { ISSUE_AREAS, ISSUE_CATALOG, isIssueCode } from './issues/catalog.js';
export type { IssueCode } from './issues/catalog.js';
export type { IssueEntry } from './issues/issue-entry.js';
export { hasErrors, issue } from './issues/make-issue.js';
export type { IssueFields } from './issues/make-issue.js';
export { compareIssues, sortIssues } from './issues/sort-issues.js';
export { formatPath, parsePath } from './issues/field-path.js';
export type { PathStep } from './issues/field-path.js';
export { issueDocs } from './issues/issue-docs.js';
export { clustersOfGroup, matchesCluster, selectableCluster } from './membership/clusters.js';
export { matchesGlob } from './membership/glob.js';
export { consumerNamespaces, resolveMembers } from './membership/members.js';
export type { ClusterView, ResolvedMember } from './membership/members.js';
export { labelsMatch, matchesSelector, selectorMatcher } from './membership/selector.js';
export type { Selectable, SelectorMatcher } from './membership/selector.js';
export { affectedClusters, consumerEntries } from './compile/consumers.js';
export { isMemberCluster, memberClusterNames } from './compile/cluster-selection.js';
export type { Fleet } from './compile/cluster-selection.js';
export { COMPILER_VERSIONS, CURRENT_COMPILER, isCompilerVersion } from './compile/compiler-version.js';
export type { CompilerVersion } from './compile/compiler-version.js';
export { compilePolicy, encryptionPolicies } from './compile/policy.js';
export type { PolicyInput, PolicyResult } from './compile/policy.js';
export { objectivePpm, sloEntry, windowSeconds } from './compile/slo-entry.js';
export { declaredProtocol, portName } from './compile/port-protocol.js';
export { byMember, memberEntryName, memberKey, serviceKey } from './compile/member-key.js';
export type { MemberKey } from './compile/member-key.js';
export { byStrictness } from './intent/encryption.js';
export { DEFAULT_HOST_TEMPLATE, hostName, isHostOf } from './intent/host-name.js';
export { canonicalSelector } from './intent/selector.js';
export { DEFAULT_VIP_CIDR, RESERVED_VIP_CIDRS, VipAllocator } from './vips/allocate.js';
export type { VipRow, VipSpace } from './vips/allocate.js';
export { formatIpv4, parseCidr, parseIpv4, rangesOverlap } from './vips/ipv4.js';
export type { Ipv4Range } from './vips/ipv4.js';
export { DEFAULT_CLUSTER_DOMAIN, DEFAULT_GATEWAY, gatewayWithDefaults, withDefaults } from './resources/defaults.js';
export { parseResource } from './resources/parse-resource.js';
export type { ParsedResource } from './resources/parse-resource.js';
export {
  isPolicy,
  isPolicyKind,
  isProjectScoped,
  isResourceKind,
  KIND_SCHEMAS,
  POLICY_KINDS,
  RESOURCE_KINDS,
} from './resources/schema/kinds.js';
export { MESH_KINDS } from './resources/schema/specs.js';
export { didYouMean, nearest } from './resources/text/did-you-mean.js';
export { checkDomain, isDnsName } from './resources/text/domain-name.js';
export { isLabelKey, isLabelValue } from './resources/text/labels.js';
export { checkName, isDnsLabel } from './resources/text/names.js';
export { textFault } from './resources/hygiene.js';
export { describeValue, quote } from './resources/text/quote.js';
export type { Finding, TextCheck } from './resources/text/finding.js';
export { MESH_CONFIG_KINDS } from './mesh-config/types.js';
export type { MeshConfigKind, MeshConfigObject, NamespaceMeshConfig } from './mesh-config/types.js';
export { gatherMeshConfig } from './mesh-config/gather.js';
export { readMeshConfig } from './mesh-config/read-object.js';
export { inventoryFromManifests } from './inventory/from-manifests.js';
export type { ManifestInventory } from './inventory/from-manifests.js';
export { assumeServed } from './compile/assume-served.js';
export { compileCatalog, prepareCatalog } from './compile/catalog.js';
export type { CatalogResult, PreparedCatalog } from './compile/catalog.js';
export type {
  CatalogInput,
  CatalogOutcome,
  LeavingClaim,
  LeavingMember,
  MemberAbsence,
  MemberStateRow,
  PortContractRow,
} from './compile/catalog-input.js';
export { CatalogMemo } from './compile/catalog-memo.js';
export type { MemberStates } from './compile/catalog-memo.js';
export { DRAIN_MS, nextMemberStates } from './compile/member-states.js';
export type {
  ClusterAck,
  MemberRow,
  MemberStateInput,
  MemberStateResult,
  MemberTransition,
} from './compile/member-states.js';
export { joinView } from './intent/join-view.js';
export type { JoinedView } from './intent/join-view.js';
export {
  parseBlockEntry,
  parseClusterEntry,
  parseEncryptionEntry,
  parseGnsEntry,
  parseHostEntry,
  parseMemberEntry,
  parseSloEntry,
} from './intent/parse-entry.js';
export type { ParsedEntry } from './intent/parse-entry.js';
export type { Bundle, BundleFile, BundleResource } from './bundle/bundle.js';
export { bundlePath, VIP_LOCK_FILE } from './bundle/bundle-path.js';
export { parseBundle } from './bundle/parse-bundle.js';
export { formatVipLock, parseVipLock } from './bundle/vip-lock.js';
export { lintResources } from './lint/lint-resources.js';
export { validateResources } from './validation/validate-resources.js';
export type { ValidationContext } from './validation/world.js';
export { jsonSchemaFiles, schemaFileName } from './schemas/json-schemas.js';
export { compileOffline } from './compile/compile-offline.js';
export type { OfflineGns, OfflineInput, OfflineResult } from './compile/compile-offline.js';
export type { DurationHistogram, ServiceSample } from './signals/service-sample.js';
export { drainCatalog } from './compile/drain-catalog.js';
export { decidedLosses, policyLosses } from './compile/policy-changes.js';
export type { DecidedChange, PolicyLoss, ResourceChange } from './compile/policy-changes.js';
export { isDecidedRemoval, withRemovalMarks } from './compile/removal-marks.js';
export { durationMs, durationText } from './resources/text/durations.js';
export { RETRY_CONDITIONS } from './resources/policies/policy-words.js';
export type { MachineEntry } from './intent/machines.js';
export type { EgressGateway } from './intent/egress-gateway.js';
export type { ExternalEntry } from './intent/external.js';
export type { PublicEntry, PublicGateway, PublicRoute } from './intent/public.js';
export { rulesBehind } from './intent/public-routes.js';
export type { DataGroupSpec } from './resources/policies/data-group.js';
export type { EgressPolicySpec } from './resources/policies/egress-policy.js';
export type { ExternalServiceSpec } from './resources/policies/external-service.js';
export type { PublicServiceSpec } from './resources/policies/public-service.js';
export type { TelemetryPolicySpec } from './resources/policies/telemetry-policy.js';
export { DEFAULT_MAX_EJECTION_PERCENT } from './resources/policies/traffic/connections.js';
export type { TrafficPolicySpec } from './resources/policies/traffic-policy.js';
export { byMatchPrecedence, isAnyPath, prefixOf } from './intent/features/route-order.js';
export type { RequestMatch } from './intent/features/rate-limits.js';
export type { RouteMatch, RouteRule } from './intent/features/routes.js';
export { readUnits } from './tree/read-units.js';
export { explainHost } from './intent/explain-host.js';
export type { ExplainedFeature, HostExplanation, PublishedAs } from './intent/explain-host.js';
export { HostPolicies } from './intent/host-policies.js';
export { byPrecedence, expiryOf, SCOPES } from './intent/features/block.js';
export type { BlockEntry, BlockOf, Scope } from './intent/features/block.js';
export { FEATURE_KINDS, FEATURE_MERGE, FEATURE_SIDE } from './intent/features/features.js';
export type { Feature, FeatureKind, FeatureOf } from './intent/features/features.js';
export { concerns } from './compile/policies/targets.js';
export { isOfMachinesAlone, sitesOf } from './compile/sites.js';
export { groupLabelKeys } from './compile/policies/groups.js';
export { groupMatcher } from './intent/service-groups.js';
export type { GroupMatcher } from './intent/service-groups.js';
export type {
  AuthorizationFeature,
  AuthorizationRule,
  CallersOfRule,
  OperationOfRule,
} from './intent/features/authorization.js';
export { defaultAccess, hasAllowAt } from './intent/default-access.js';
export { CallJudge } from './intent/calls/call-judge.js';
export type { CallVerdict, JudgedCalls } from './intent/calls/call-judge.js';
export type { ServiceGroupSpec } from './resources/policies/service-group.js';
