export { createAgentGateway, fileKeyStore, fileStatementKeys, memoryKeyStore } from './agent-gateway/index.js';
export type { AgentGateway, AgentGatewayOptions, GatewayTimings, KeyStore } from './agent-gateway/index.js';
