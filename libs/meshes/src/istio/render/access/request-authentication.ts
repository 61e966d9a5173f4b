import { byCodeUnit, type FeatureOf, type Issue } from '@isthmus/domain';
import { objectName } from '../../../object-name.js';
import type { RenderedObject } from '../../../renderer.js';
import { hostIssue, type HostScene, type OwnedHost } from '../host-members.js';
import { labelsOf } from '../labels-of.js';
import { ownedObject } from '../owned-object.js';
import { claimKey, type AccessPort, type IstioRule } from './access-rules.js';

type Authentication = FeatureOf<'requestAuthentication'>;
type Issuer = Authentication['issuers'][number];

function jwtRule({ issuer, jwksUri, jwks, audiences, locations, withheld }: Issuer): object {
  const headers = (locations ?? []).flatMap(({ header, prefix }) =>
    header === undefined ? [] : [{ name: header, ...(prefix === undefined ? {} : { prefix }) }],
  );
  const named = (field: 'queryParameter' | 'cookie') => (locations ?? []).flatMap((place) => place[field] ?? []);
  const [fromParams, fromCookies] = [named('queryParameter'), named('cookie')];
  return {
    issuer,
    ...(jwksUri === undefined ? { jwks } : { jwksUri }),
    ...(audiences && { audiences }),
    ...(headers.length === 0 ? {} : { fromHeaders: headers }),
    ...(fromParams.length === 0 ? {} : { fromParams }),
    ...(fromCookies.length === 0 ? {} : { fromCookies }),
    ...(withheld === true ? {} : { forwardOriginalToken: true }),
  };
}

/** What each port asks for; the issuers of all of them are taken at every port, because Istio knows no ports here. */
function authentications({ policies }: HostScene, ports: readonly AccessPort[]): [AccessPort, Authentication][] {
  return ports.flatMap((port): [AccessPort, Authentication][] => {
    const feature = policies.feature('requestAuthentication', port.number);
    return feature === undefined ? [] : [[port, feature]];
  });
}

/** Requests that are refused for want of a token or a claim; a port whose requests nobody sees is closed. */
function refusals([port, { optional, claims = [] }]: [AccessPort, Authentication]): IstioRule[] {
  if (optional === true) return [];
  const to = [{ operation: { ports: [String(port.targetPort)] } }];
  if (!port.seen) return [{ to }];
  return [
    { from: [{ source: { notRequestPrincipals: ['*'] } }], to },
    ...claims.map(({ path, values }) => ({ to, when: [{ key: claimKey(path), notValues: values }] })),
  ];
}

function closedIssues(hostScene: HostScene, found: readonly [AccessPort, Authentication][]): Issue[] {
  const closed = found.filter(([{ seen }, { optional }]) => !seen && optional === undefined);
  if (closed.length === 0) return [];
  const message = `Port ${closed.map(([{ number }]) => number).join(', ')} is closed, because tokens are required and its requests are not seen.`;
  return [hostIssue(hostScene.scene, hostScene.host.host, { code: 'ISM0899', message })];
}

/** Issuers whose tokens are checked at the host. */
export function issuersOf(hostScene: HostScene, ports: readonly AccessPort[]): Set<string> {
  return new Set(authentications(hostScene, ports).flatMap(([, { issuers }]) => issuers.map(({ issuer }) => issuer)));
}

/** Whose tokens the member here takes, and that requests need one. */
export function tokenObjects(hostScene: OwnedHost, ports: readonly AccessPort[], issues: Issue[]): RenderedObject[] {
  const { scene, host, local } = hostScene;
  const found = authentications(hostScene, ports);
  const issuers = new Map(
    found.flatMap(([, { issuers: all }]) => all.map((one): [string, Issuer] => [one.issuer, one])),
  );
  issues.push(...closedIssues(hostScene, found));
  if (found.length === 0) return [];
  const selector = { matchLabels: labelsOf(local.selector) };
  const place = { side: 'owner', namespace: local.namespace, host } as const;
  const jwtRules = [...issuers.values()].sort((a, b) => byCodeUnit(a.issuer, b.issuer)).map(jwtRule);
  const rules = found.flatMap(refusals);
  return [
    ownedObject(scene, {
      ...place,
      kind: 'RequestAuthentication',
      name: objectName(host.host),
      spec: { selector, jwtRules },
    }),
    ...(rules.length === 0
      ? []
      : [
          ownedObject(scene, {
            ...place,
            kind: 'AuthorizationPolicy',
            name: objectName(host.host, 'tokens'),
            spec: { selector, action: 'DENY', rules },
          }),
        ]),
  ];
}
