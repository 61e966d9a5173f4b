import { orThrow, resourceType, type KubeClient } from '@isthmus/kube';
import type { KubeObject } from '@isthmus/domain';
import { parseIdentity, parsePending, type Identity, type IdentityStore } from '../../identity/identity.js';

const SECRET = resourceType('v1', 'Secret', 'secrets');
const KEY = 'identity.json';
const PENDING_KEY = 'enrolment.json';

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
  const textOf = async (key: string): Promise<string | undefined> => {
    const encoded = ((await read())['data'] as Record<string, string> | undefined)?.[key];
    return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
  };
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64');
  return {
    async load() {
      const text = await textOf(KEY);
      return text === undefined ? undefined : parseIdentity(text);
    },
    save: (identity: Identity) => write({ [KEY]: encode(identity) }),
    remove: () => write(undefined),
    async loadPending() {
      const text = await textOf(PENDING_KEY);
      return text === undefined ? undefined : parsePending(text);
    },
    savePending: (pending) => write({ [PENDING_KEY]: encode(pending) }),
  };
}
