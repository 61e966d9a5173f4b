/** File of an authority of agents' identities, in the home of the gateway's keys. What is in it never changes: the next has the next number. */
export function authorityFile(number: number): string {
  return number === 1 ? 'gateway-ca.pem' : `gateway-ca-${number}.pem`;
}

/** The certificate of an authority that vouches for nobody any more: it stays when its key is gone. */
export const retiredFile = (number: number): string => `gateway-ca-${number}-retired.pem`;

/** The operator wants this authority to be made. */
export const wantedFile = (number: number): string => `gateway-ca-${number}.wanted`;
