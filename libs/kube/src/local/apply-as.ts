import type { KubeObject } from '@isthmus/domain';
import type { KubeClient } from '../client.js';
import { pathOf, refOfObject, withQuery } from '../resource-type.js';
import type { KubeResult } from '../result.js';

/**
 * Applies a manifest as a person does with `kubectl apply --server-side --force-conflicts`, under the name of that manager and with its status,
 * which controllers would write. Never for what the agent owns: that has a manager of its own.
 */
export async function applyAs(manager: string, client: KubeClient, object: KubeObject): Promise<KubeResult<unknown>> {
  const type = await client.discovery.find(object.apiVersion, object.kind);
  if (!type.ok) return type;
  const at = pathOf(type.value, refOfObject(object));
  const patch = (path: string, body: unknown) =>
    client.transport.request({
      method: 'PATCH',
      path: withQuery(path, { fieldManager: manager, force: true }),
      contentType: 'application/apply-patch+yaml',
      body,
    });
  const { status, ...rest } = object;
  const applied = await patch(at, rest);
  if (!applied.ok || status === undefined) return applied;
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  return patch(`${at}/status`, { apiVersion, kind, metadata: { name, namespace }, status });
}
