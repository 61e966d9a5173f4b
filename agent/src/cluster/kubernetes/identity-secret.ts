import { orThrow, resourceType, type KubeClient } from '@isthmus/kube';
import type { KubeObject } from '@isthmus/domain';
import { parseIdentity, type Identity, type IdentityStore } from '../../identity/identity.js';

const SECRET = resourceType('v1', 'Secret', 'secrets');
const KEY = 'identity.json';

/**
 * The identity in a Secret that the installation made: the agent gets and updates this one name and may neither list nor create Secrets.
 * A save that meets another one's write fails instead of replacing it.
 */
export function secretIdentityStore(client: KubeClient, place: { namespace: string; name: string }): IdentityStore {
  const what = `the Secret ${place.namespace}/${place.name}`;
  const read = async (): Promise<KubeObject> => {
    const result = await client.getOf(SECRET, place);
    if (!result.ok && result.failure.kind === 'notFound')
      throw new Error(`${what} does not exist; the installation makes it`);
    return orThrow(`${what} cannot be read`, result);
  };
  const write = async (data: Record<string, string> | undefined): Promise<void> => {
    const secret = await read();
    orThrow(`${what} was not written`, await client.replace(SECRET, { ...secret, data }));
  };
  return {
    async load() {
      const encoded = ((await read())['data'] as Record<string, string> | undefined)?.[KEY];
      return encoded === undefined ? undefined : parseIdentity(Buffer.from(encoded, 'base64').toString('utf8'));
    },
    save: (identity: Identity) => write({ [KEY]: Buffer.from(JSON.stringify(identity)).toString('base64') }),
    remove: () => write(undefined),
  };
}
