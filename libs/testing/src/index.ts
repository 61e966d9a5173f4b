export { REAL_PARTS, real, skippedName } from './real.js';
export type { Probe, RealPart, RealSuite } from './real.js';
