import type { KubeObject } from '@isthmus/domain';
import { NAMES } from '../names.js';
import type { InstallationValues } from '../values.js';
import { metadataOf } from './place.js';

/** Of every runtime that this library may run in. */
declare function btoa(ascii: string): string;

/** What the agent trusts and is known by: its CA, its token, and the empty Secret that it keeps its identity in. */
export function materialObjects(namespace: string, values: InstallationValues): KubeObject[] {
  const { token = '' } = values.enrolment ?? {};
  const { pem = '' } = values.extraCa ?? {};
  const secret = (name: string, rest: object): KubeObject => ({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: metadataOf(name, namespace), type: 'Opaque', ...rest },
  });
  const certificates = (name: string, text: string): KubeObject => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: metadataOf(name, namespace) },
    data: { 'ca.crt': `${text.trim()}\n` },
  });
  return [
    certificates(NAMES.gatewayCa, values.gateway.ca),
    ...(pem === '' ? [] : [certificates(NAMES.extraCa, pem)]),
    secret(NAMES.identitySecret, {}),
    ...(token === '' ? [] : [secret(NAMES.tokenSecret, { data: { token: btoa(token) } })]),
  ];
}
