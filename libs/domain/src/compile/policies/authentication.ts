import type { Feature } from '../../intent/features/features.js';
import type { AuthenticationPolicySpec } from '../../resources/policies/authentication-policy.js';
import type { UserGroupSpec } from '../../resources/policies/user-group.js';
import { byCodeUnit } from '../../tree/canonical.js';

type Claim = NonNullable<UserGroupSpec['members'][number]['claims']>[number];

const set = (values: readonly string[]): string[] => [...new Set(values)].sort(byCodeUnit);

/** Claims as trees carry them: values sorted and unique, claims in the order of their paths. */
export function claimsOf(claims: readonly Claim[] | undefined): Claim[] | undefined {
  const textOf = ({ path, values }: Claim) => JSON.stringify([path, values]);
  return claims
    ?.map(({ path, values }) => ({ path, values: set(values) }))
    .sort((a, b) => byCodeUnit(textOf(a), textOf(b)));
}

/** The one feature of an AuthenticationPolicy. */
export function authenticationFeatures({ issuers, tokens, claims }: AuthenticationPolicySpec): Feature[] {
  const all = issuers.map(({ issuer, jwksUri, jwks, audiences, locations, forward }) => ({
    issuer,
    jwksUri,
    jwks,
    audiences: audiences && set(audiences),
    locations,
    ...(forward === false ? { withheld: true as const } : {}),
  }));
  return [
    {
      kind: 'requestAuthentication',
      ...(tokens === 'OPTIONAL' ? { optional: true as const } : {}),
      issuers: all.sort((a, b) => byCodeUnit(a.issuer, b.issuer)),
      claims: claimsOf(claims),
    },
  ];
}
