import type { IssueEntry } from '../issue-entry.js';

/** ISM0950–0969: what all policies share: fields, targets, merging, what a mesh cannot do of them. */
export const POLICY_CODES = {
  ISM0950: {
    severity: 'ERROR',
    title: 'Not a duration',
    cause:
      'A duration is a number with a unit (ms, s, m, h), larger units first, and lies in the range that the message names.',
    fix: 'Write for example 250ms, 1.5s or 1m30s.',
  },
  ISM0951: {
    severity: 'ERROR',
    title: 'Not a percentage',
    cause: 'A percentage is a number from 0 to 100 with at most two decimals.',
    fix: 'Write for example 12.5.',
  },
  ISM0952: {
    severity: 'ERROR',
    title: 'Target of a policy contradicts itself',
    cause:
      'A target names either a scope or a global namespace, and in the latter either a service group or a service, perhaps with a port.',
    fix: 'Leave out the field that the message names, or write two targets.',
  },
  ISM0953: {
    severity: 'ERROR',
    title: 'Policy of a project reaches for the whole organization',
    cause:
      'A target with scope ORGANIZATION concerns global namespaces of every project, so such policies live in the project default.',
    fix: 'Use scope PROJECT, or create the policy in the project default.',
  },
  ISM0954: {
    severity: 'WARNING',
    title: 'Policies contradict each other at the same scope',
    cause:
      'Two policies say the same kind of thing of the same target. The first by project and name wins as a whole; the other one has no effect there.',
    fix: 'Join them, or narrow the target of one.',
  },
  ISM0955: {
    severity: 'ERROR',
    title: 'Mesh cannot enforce what a policy demands',
    cause:
      'The policy protects something, and the mesh of this cluster can do only part of it or nothing, so the change does not go to this cluster.',
    fix: 'Do what the message suggests, or leave the cluster out of the policy.',
  },
  ISM0956: {
    severity: 'WARNING',
    title: 'Mesh can do only part of what a policy asks',
    cause: 'The fields that the message names are left out or weakened in this cluster.',
    fix: 'Do what the message suggests, or accept it.',
  },
  ISM0957: {
    severity: 'INFO',
    title: 'Mesh leaves out a detail of a policy',
    cause: 'The fields that the message names have no effect in this cluster; nothing else depends on them.',
    fix: 'Nothing has to be done.',
  },
  ISM0958: {
    severity: 'WARNING',
    title: 'Target names no known service group',
    cause: 'No ServiceGroup of that name is in the project, so the policy applies to nothing there.',
    fix: 'Create the group, or correct the name.',
  },
} as const satisfies Record<string, IssueEntry>;
