import type { Issue } from '../issues/issue.js';
import { sortIssues } from '../issues/sort-issues.js';
import { checkMeshConfig } from '../lint/check-mesh-config.js';
import type { Resource } from '../resources/types.js';
import { checkForeignSidecars } from './foreign-sidecars.js';
import { checkCallerGroups, checkClosing, checkDefaults } from './access.js';
import { checkHomes, checkHosts } from './claims.js';
import { checkDomains } from './domains.js';
import { checkCordons, checkFailoverNames, checkWeights } from './failover.js';
import { checkDiscovery, checkMeshes } from './meshes.js';
import { checkMirrors } from './mirrors.js';
import { checkNetworks, checkPublicVips, checkUnknownNetworks } from './networks.js';
import { checkOutside } from './outside-clashes.js';
import { checkOutsideHosts } from './outside-hosts.js';
import { checkDataGroups } from './data-groups.js';
import { checkEncryption, checkTargetGroups, checkTargetServices, checkWideTargets } from './policies.js';
import { checkGateways, checkPlaintext, checkTrust } from './reachability.js';
import { checkPublicAccess } from './public-access.js';
import { checkForeignGateways } from './public-gateways.js';
import { checkPublicGateways, checkPublicHosts, checkPublicPorts, checkPublicRecords } from './public-services.js';
import { checkReferences } from './references.js';
import { checkGroups, checkRules } from './rules.js';
import { checkSites } from './sites.js';
import { worldOf, type ValidationContext, type WorldCheck } from './world.js';

const CHECKS: readonly WorldCheck[] = [
  checkReferences,
  checkDomains,
  checkEncryption,
  checkTargetGroups,
  checkDataGroups,
  checkTargetServices,
  checkWideTargets,
  checkOutsideHosts,
  checkOutside,
  checkForeignSidecars,
  checkForeignGateways,
  checkPublicHosts,
  checkPublicPorts,
  checkPublicGateways,
  checkPublicRecords,
  checkPublicAccess,
  checkCallerGroups,
  checkDefaults,
  checkClosing,
  checkGroups,
  checkRules,
  checkHosts,
  checkHomes,
  checkGateways,
  checkPlaintext,
  checkTrust,
  checkNetworks,
  checkUnknownNetworks,
  checkPublicVips,
  checkMeshes,
  checkDiscovery,
  checkMeshConfig,
  checkFailoverNames,
  checkWeights,
  checkSites,
  checkCordons,
  checkMirrors,
];

/**
 * What resources say about each other and about the clusters as far as they are known, and what users configured in their meshes. Takes all resources of the organization;
 * each of them must have passed parseResource. Services that cannot be offered (no selector, ExternalName, UDP, IPv6) are told by
 * the compile of the catalog. Sorted; the effort grows with services plus rules, not with their pairs.
 */
export function validateResources(resources: readonly Resource[], context: ValidationContext = {}): Issue[] {
  const world = worldOf(resources, context);
  return sortIssues(CHECKS.flatMap((check) => check(world)));
}
