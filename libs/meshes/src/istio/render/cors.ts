import { durationText, type FeatureOf } from '@isthmus/domain';

const MATCH = { EXACT: 'exact', PREFIX: 'prefix', REGEX: 'regex' } as const;

/** The `corsPolicy` of a route. */
export function corsOf(cors: FeatureOf<'cors'> | undefined): { corsPolicy?: object } {
  if (cors === undefined) return {};
  const { kind: _, allowOrigins, maxAgeMs, ...same } = cors;
  return {
    corsPolicy: {
      allowOrigins: allowOrigins.map(({ type, value }) => ({ [MATCH[type]]: value })),
      ...same,
      ...(maxAgeMs === undefined ? {} : { maxAge: durationText(maxAgeMs) }),
    },
  };
}
