import type { GlobalNamespaceSpec } from '../resources/types.js';

/** The host template of global namespaces that name none. */
export const DEFAULT_HOST_TEMPLATE = '{service}.{domain}';

const HOST = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/;

/** Host of a service in a global namespace, by its template. */
export function hostName(
  spec: Pick<GlobalNamespaceSpec, 'domain' | 'hostTemplate'>,
  service: { name: string; namespace: string },
): string {
  const values: Record<string, string> = {
    '{service}': service.name,
    '{namespace}': service.namespace,
    '{domain}': spec.domain,
  };
  return (spec.hostTemplate ?? DEFAULT_HOST_TEMPLATE).replaceAll(
    /\{(?:service|namespace|domain)\}/g,
    (field) => values[field] ?? field,
  );
}

/** True if hosts depend on the namespace, so that a service name alone names none. */
export function hostNeedsNamespace(spec: Pick<GlobalNamespaceSpec, 'hostTemplate'>): boolean {
  return (spec.hostTemplate ?? DEFAULT_HOST_TEMPLATE).includes('{namespace}');
}

/** True if the text is a lower-case DNS name of at least two labels below the domain. */
export function isHostOf(domain: string, host: string): boolean {
  return HOST.test(host) && host.endsWith(`.${domain}`);
}
