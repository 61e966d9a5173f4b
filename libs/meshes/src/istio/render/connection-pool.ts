import { durationText, type HostPolicies } from '@isthmus/domain';

/** The `connectionPool` of a destination rule: always written, because a mesh-wide default policy fills blocks that are left empty. */
export function connectionPool(policies: HostPolicies): object {
  const { connectMs = 2_000, idleMs } = policies.feature('timeout') ?? {};
  const idle = idleMs === undefined ? {} : { idleTimeout: durationText(idleMs) };
  return {
    tcp: { connectTimeout: durationText(connectMs), ...idle },
    ...(idleMs === undefined ? {} : { http: idle }),
  };
}
