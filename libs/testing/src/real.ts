import { describe } from 'vitest';

/** A real part that a spec may need and that a machine may lack. */
export const REAL_PARTS = [
  'postgres',
  'valkey',
  'kubernetes',
  'kubernetes-versions',
  'helm',
  'istioctl',
  'prometheus',
  'chromium',
  'istiod',
  'envoy',
] as const;
export type RealPart = (typeof REAL_PARTS)[number];

/** Returns why the part cannot be used here, or undefined when it can. A thrown error counts as a reason. */
export type Probe = () => string | undefined | Promise<string | undefined>;

/** `describe` when the part is there, else a skipped suite whose name carries the part and the reason. */
export type RealSuite = (name: string, body: () => void) => void;

/**
 * Says whether a suite over a real part runs or is skipped, and why:
 * `const onValkey = await real('valkey', probeValkey); onValkey('the queue', () => { … });`
 *
 * The suffix ` [needs <part>: <reason>]` is what `npm test` reads to print the reason of each skip
 * and to turn it into a failure where REQUIRE_REAL names the part.
 */
export async function real(part: RealPart, probe: Probe): Promise<RealSuite> {
  const reason = await reasonFrom(probe);
  if (reason === undefined) return (name, body) => void describe(name, body);
  return (name, body) => void describe.skip(skippedName(name, { part, reason }), body);
}

/** The name under which a suite is skipped; the reason is kept on one line. */
export function skippedName(name: string, why: { part: RealPart; reason: string }): string {
  return `${name} [needs ${why.part}: ${why.reason.replace(/\s+/g, ' ').trim()}]`;
}

async function reasonFrom(probe: Probe): Promise<string | undefined> {
  try {
    return await probe();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
