import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { basisPoints, milliseconds } from './features/feature-fields.js';
import { FEATURE_SCHEMAS } from './features/features.js';
import { featureText } from './feature-text.js';

/** Every field of a schema, however deep, with its schema. */
function fieldsIn(schema: z.core.$ZodType): [name: string, schema: z.core.$ZodType][] {
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape as Record<string, z.core.$ZodType>).flatMap(([name, field]) => {
      const inner = field instanceof z.ZodOptional ? field.unwrap() : field;
      return [[name, inner] as [string, z.core.$ZodType], ...fieldsIn(inner)];
    });
  }
  if (schema instanceof z.ZodArray) return fieldsIn(schema.element);
  if (schema instanceof z.ZodOptional) return fieldsIn(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(fieldsIn);
  return [];
}

describe('the fields of a feature for people', () => {
  it.each([
    [{ requestMs: 3000, idleMs: 90_000 }, 'request=3s idle=90s'],
    [{ perTryTimeoutMs: 250, attempts: 2 }, 'perTryTimeout=250ms attempts=2'],
    [{ delay: { durationMs: 2000, share: 1250 } }, 'delay={duration: 2s, share: 12.5%}'],
    [{ samplingBasisPoints: 1 }, 'sampling=0.01%'],
    [
      { minHealthy: 5000, clusterWeights: [{ cluster: 'a', share: 10_000 }] },
      'minHealthy=50% clusterWeights=[{cluster: a, share: 100%}]',
    ],
    [{ expiresAtMs: 1_795_865_400_000 }, 'expiresAt=2026-11-28T11:30:00.000Z'],
    [{ on: ['5xx', 'reset'], enabled: true, none: null }, 'on=[5xx, reset] enabled=true none=null'],
    [{}, ''],
  ])('%j are %s', (fields, text) => {
    expect(featureText(fields)).toBe(text);
  });

  it('are in the units of policies for every field of every feature that has one', () => {
    const all = Object.values(FEATURE_SCHEMAS).flatMap((schema) => fieldsIn(schema));
    const numbers = (unit: z.ZodType) => new Set(all.filter(([, schema]) => schema === unit).map(([name]) => name));
    const [times, shares] = [numbers(milliseconds), numbers(basisPoints)];
    expect(Math.min(times.size, shares.size)).toBeGreaterThan(2);
    for (const name of times) expect(featureText({ [name]: 1500 }), name).toMatch(/^\w+=(1500ms|1970-\S+)$/);
    for (const name of shares) expect(featureText({ [name]: 1500 }), name).toMatch(/^\w+=15%$/);
  });
});
