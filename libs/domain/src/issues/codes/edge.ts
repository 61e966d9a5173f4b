import type { IssueEntry } from '../issue-entry.js';

/** ISM0910–0949: telemetry, external services, egress, public services and workloads outside of Kubernetes. */
export const EDGE_CODES = {
  ISM0910: {
    severity: 'ERROR',
    title: 'Telemetry of a single port',
    cause: 'Meshes log, trace and count for a workload as a whole, so a TelemetryPolicy cannot target one port.',
    fix: 'Leave out the port.',
  },
  ISM0911: {
    severity: 'ERROR',
    title: 'Telemetry contradicts itself',
    cause: 'Fields that exclude each other are both there, or both missing, or a name is none that meshes take.',
    fix: 'Do what the message says.',
  },
} as const satisfies Record<string, IssueEntry>;
