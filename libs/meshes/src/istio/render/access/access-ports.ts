import { REQUEST_PROTOCOLS } from '../../support/requests.js';
import type { OwnedHost } from '../host-members.js';
import type { AccessPort } from './access-rules.js';

/** Ports of the host that the member here serves, by number. */
export function accessPorts({ host, local }: OwnedHost): AccessPort[] {
  const targets = new Map(local.ports.map(({ number, targetPort }) => [number, targetPort]));
  return [...host.ports]
    .sort((a, b) => a.number - b.number)
    .flatMap(({ number, protocol }) => {
      const targetPort = targets.get(number);
      return targetPort === undefined ? [] : [{ number, targetPort, seen: REQUEST_PROTOCOLS.has(protocol) }];
    });
}
