import { GROUP_VERSION } from '../api-group.js';
import type { Issue } from '../issues/issue.js';

/** A document of a kind, as a user would write it. */
export function documentOf(kind: string, spec: unknown, metadata: object = {}): Record<string, unknown> {
  return { apiVersion: GROUP_VERSION, kind, metadata: { name: 'some', ...metadata }, spec };
}

export const gnsDocument = (spec: object = {}) =>
  documentOf('GlobalNamespace', { domain: 'shop.global', members: [{ namespaces: { names: ['shop'] } }], ...spec });

export const clusterDocument = (spec: object = {}) => documentOf('Cluster', { mesh: { kind: 'istio' }, ...spec });

export const sloDocument = (spec: object = {}) =>
  documentOf('SloPolicy', {
    targets: [{ globalNamespace: 'shop' }],
    indicator: { type: 'AVAILABILITY' },
    objective: '0.999',
    timeWindow: { duration: '28d', isRolling: true },
    ...spec,
  });

/** `CODE path` of each issue. */
export const brief = (issues: readonly Issue[]): string[] => issues.map(({ code, path }) => `${code} ${path}`.trim());
