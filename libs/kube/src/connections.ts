import https from 'node:https';
import { createSecureContext, type SecureContext } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import type { Access } from './credentials.js';

/** What a request is made with: the same context as long as the credentials are the same. */
export interface Secured {
  secureContext: SecureContext;
}

const numbers = new WeakMap<SecureContext, string>();
let next = 0;

/** Connections that are kept open, apart by their context: a name of certificates' texts would be put together anew for every request. */
export class Connections extends https.Agent {
  override getName(options?: object): string {
    const context = options !== undefined && 'secureContext' in options ? options.secureContext : undefined;
    return (context === undefined ? undefined : numbers.get(context as SecureContext)) ?? super.getName(options);
  }
}

/** Makes the context of credentials once: OpenSSL would parse the certificates, and hold them, for every connection. */
export class SharedContext {
  #made: { access: Access; secured: Secured } | undefined;

  of(access: Access): Secured {
    if (this.#made !== undefined && isSameTls(this.#made.access, access)) return this.#made.secured;
    const { ca, cert, key } = access.tls;
    const secureContext = createSecureContext({ ca, cert, key });
    numbers.set(secureContext, `isthmus-${(next += 1)}`);
    this.#made = { access, secured: { secureContext } };
    return this.#made.secured;
  }
}

function isSameTls(a: Access, b: Access): boolean {
  return a === b || (['ca', 'cert', 'key'] as const).every((part) => isDeepStrictEqual(a.tls[part], b.tls[part]));
}
