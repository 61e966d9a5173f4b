import type { GatewayMessageOf } from '@isthmus/protocol';
import type { Store } from '@isthmus/store';
import { storedPart } from './enrolment.js';
import type { CertificateAuthority } from './pki/certificate-authority.js';
import { checkRequest } from './pki/certificate-request.js';

/** Gives a new certificate for the identity that the stream already has; a request cannot ask for another. */
export interface Renewal {
  renew(
    identity: { org: string; cluster: string; session: number },
    csr: string,
  ): Promise<GatewayMessageOf<'certificate'> | GatewayMessageOf<'renewRefused'>>;
}

export function createRenewal(store: Store, authority: CertificateAuthority): Renewal {
  return {
    async renew({ org, cluster, session }, csr) {
      const checked = await checkRequest(csr);
      if (!checked.ok) return { type: 'renewRefused', reason: checked.reason };
      return store.withTenant(org, async (tx) => {
        if (!(await tx.sessions.hold(cluster, session)))
          return { type: 'renewRefused' as const, reason: 'a newer stream speaks for this cluster' };
        const issued = await authority.issueAgent({ org, cluster }, checked.publicKey);
        await tx.certificates.issue(storedPart(cluster, issued));
        return { type: 'certificate' as const, certificate: issued.pem, ca: authority.caPem };
      });
    },
  };
}
