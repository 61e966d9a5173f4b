import type { RenderedObject } from '../../renderer.js';
import { objectName } from '../../object-name.js';
import type { HostScene } from './host-members.js';
import { labelsOf } from './labels-of.js';
import { ownedObject } from './owned-object.js';

/**
 * The encryption that the workloads of the local member accept from all callers, scoped to them by selector. A refused
 * mode (plaintext while callers come through a gateway) changes nothing at the server: nothing is rendered. Neither is it
 * without a policy: a mode that nobody asked for could loosen what the mesh's owners set.
 */
export function peerAuthentication({ scene, host, local }: HostScene): RenderedObject[] {
  if (local === undefined || scene.mode === undefined) return [];
  if (scene.mode === 'DISABLE' && scene.remoteConsumers) return [];
  const spec = { selector: { matchLabels: labelsOf(local.selector) }, mtls: { mode: scene.mode } };
  return [
    ownedObject(scene, {
      side: 'owner',
      kind: 'PeerAuthentication',
      namespace: local.namespace,
      name: objectName(host.host),
      host,
      spec,
    }),
  ];
}
