import type { HostView, Issue } from '@isthmus/domain';
import type { RenderResult } from '../../renderer.js';
import { accessRender } from './access/authorization-policies.js';
import { clientServiceEntries } from './client-service-entry.js';
import { clientView, type ClientView } from './client-view.js';
import { destinationRule } from './destination-rule.js';
import { featureIssues } from './feature-issues.js';
import { hostIssue, sceneOfHost, type HostScene } from './host-members.js';
import { machineDetection, machineIssues, machineObjects } from './machines.js';
import { ownerServiceEntries } from './owner-service-entry.js';
import { peerAuthentication } from './peer-authentication.js';
import { ownerVersions } from './routes/owner-versions.js';
import { rateLimits } from './rate-limits.js';
import { routeIssues } from './routes/route-issues.js';
import type { Scene } from './scene.js';
import { telemetry } from './telemetry.js';
import { virtualService } from './virtual-service.js';

/** A port that clients here do not get although the host has it, or that a remote member lacks. */
function portIssues({ scene, host, remotes }: HostScene, view: ClientView): Issue[] {
  const offered = new Set(view.ports.map(({ number }) => number));
  const missing = host.ports.filter(({ number }) => !offered.has(number)).map(({ number }) => number);
  const hidden =
    missing.length === 0
      ? []
      : [
          hostIssue(scene, host.host, {
            code: 'ISM0313',
            message: `Workloads here are not offered port ${missing.join(', ')}, because no member that they use serves it.`,
          }),
        ];
  const partial = remotes.flatMap(({ member }) => {
    const served = new Set(member.ports.map(({ number }) => number));
    const lacking = [...offered].filter((number) => !served.has(number));
    const message = `The member does not serve port ${lacking.join(', ')}, so it does not stand in for others there.`;
    return lacking.length === 0 ? [] : [hostIssue(scene, host.host, { code: 'ISM0313', member, message })];
  });
  return [...hidden, ...partial];
}

/** Everything of one host in the rendering cluster: the server's side if it has a member here, the client's if somebody here may call. */
export function renderIstioHost(scene: Scene, hostView: HostView): RenderResult {
  const found = sceneOfHost(scene, hostView);
  if ('code' in found) return { objects: [], issues: [found] };
  const access = accessRender(found);
  const limits = rateLimits(found);
  const owner = [
    ...access.objects,
    ...machineObjects(found),
    ...machineDetection(found),
    ...peerAuthentication(found),
    ...ownerServiceEntries(found),
    ...ownerVersions(found),
    ...telemetry(found),
    ...limits.objects,
  ];
  const view = clientView(found);
  const server = found.local !== undefined;
  if (view === undefined)
    return {
      objects: owner,
      issues: [
        ...found.issues,
        ...access.issues,
        ...limits.issues,
        ...machineIssues(found),
        ...featureIssues(found, { client: false, server }),
      ],
    };
  return {
    objects: [...owner, ...clientServiceEntries(view), destinationRule(view), ...virtualService(view)],
    issues: [
      ...found.issues,
      ...access.issues,
      ...limits.issues,
      ...machineIssues(found),
      ...portIssues(found, view),
      ...routeIssues(view),
      ...featureIssues(found, { client: true, server }),
    ],
  };
}
