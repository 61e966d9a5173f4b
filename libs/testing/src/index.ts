export { REAL_PARTS, real, skippedName } from './real.js';
export type { Probe, RealPart, RealSuite } from './real.js';
export { probeValkey, startValkey, valkeyBinary } from './valkey.js';
export type { ValkeyServer } from './valkey.js';
export { testPostgres } from './postgres.js';
export type { FreshStoreOptions, TestPostgres } from './postgres.js';
export { probeKubernetes } from './kubernetes-binaries.js';
export { startKubeApiserver } from './kubernetes.js';
export type { KubeApiserver, KubeApiserverOptions } from './kubernetes.js';
