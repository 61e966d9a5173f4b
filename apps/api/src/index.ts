export { createAgentGateway, fileKeyStore, fileStatementKeys, memoryKeyStore } from './agent-gateway/index.js';
export type { AgentGateway, AgentGatewayOptions, GatewayTimings, KeyStore } from './agent-gateway/index.js';
export { hashToken, newApiToken, shownPrefix } from './auth/api-token.js';
export { startApiServer } from './server/api-server.js';
export type { ApiServer, ApiServerOptions } from './server/api-server.js';
