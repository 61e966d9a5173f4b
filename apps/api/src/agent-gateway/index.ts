export { createAgentGateway } from './gateway.js';
export type { AgentGateway } from './gateway.js';
export type { AgentGatewayOptions, GatewayTimings } from './options.js';
export { fileKeyStore, memoryKeyStore } from './pki/key-store.js';
export type { KeyStore } from './pki/key-store.js';
export { fileStatementKeys } from './pki/statement-keys.js';
