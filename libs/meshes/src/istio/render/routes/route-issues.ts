import type { Issue } from '@isthmus/domain';
import type { ClientView } from '../client-view.js';
import { hostIssue } from '../host-members.js';
import { isServed, requestPorts, type Destination } from './destinations.js';

function textOf({ version, cluster }: Destination): string {
  const of = version === undefined ? [] : [`has version ${version}`];
  const within = cluster === undefined ? [] : [`is in cluster ${cluster}`];
  return [...of, ...within].join(' and ');
}

/** Destinations of routes that nobody serves for callers here, each once a rule. */
export function routeIssues({ hostScene, ports }: ClientView): Issue[] {
  const { scene, host, policies } = hostScene;
  const messages = requestPorts(ports).flatMap(({ number }) =>
    policies.explain('routes', number).holds.flatMap(({ policy, feature }) =>
      feature.rules
        .flatMap(({ name, backends = [], mirror }) =>
          [
            ...backends.filter(({ weight }) => weight > 0),
            ...(mirror === undefined || mirror.host !== undefined ? [] : [mirror]),
          ].map((there) => ({
            name,
            there,
          })),
        )
        .filter(({ there }) => !isServed(hostScene, there, number))
        .map(
          ({ name, there }) =>
            `TrafficPolicy ${policy.project}/${policy.name}, rule ${name}: no member that can be used here serves port ${number} and ${textOf(there)}.`,
        ),
    ),
  );
  return [...new Set(messages)].map((message) => hostIssue(scene, host.host, { code: 'ISM0860', message }));
}
