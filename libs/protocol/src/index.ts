export { agentMessageSchema } from './agent-messages.js';
export type { AgentMessage, AgentMessageOf, ApplyState, HeldLine, HeldSet } from './agent-messages.js';
export { decodeAgentMessage, decodeGatewayMessage, encodeMessage } from './codec.js';
export type { Decoded } from './codec.js';
export { createSyncAssembler, splitDelta, syncFrame } from './delta-parts.js';
export type { AssembledSync, SyncAssembler, WireDelta } from './delta-parts.js';
export {
  enrolErrorSchema,
  enrolRequestSchema,
  enrolResponseSchema,
  renewalRequestSchema,
  renewalResponseSchema,
  identityUri,
  parseIdentityUri,
} from './enrolment.js';
export type { EnrolError, EnrolRequest, EnrolResponse, RenewalRequest, RenewalResponse } from './enrolment.js';
export { comparePairs, judge } from './fence.js';
export type { FenceVerdict, Pair } from './fence.js';
export { gatewayMessageSchema } from './gateway-messages.js';
export type { ByeReason, DeltaPart, GatewayMessage, GatewayMessageOf } from './gateway-messages.js';
export {
  MAX_FRAME_BYTES,
  MAX_NAMESPACE_BYTES,
  MAX_PARTS,
  MAX_REPORTED,
  OLDEST_PROTOCOL,
  PART_BYTES,
  PROTOCOL_VERSION,
  STEPS_PROTOCOL,
} from './limits.js';
export { lineKey } from './schemas.js';
export type { Line, LineKey, Position, WireEntry } from './schemas.js';
export { parseStatementText, statementFault, statementText } from './statement.js';
export type { StepName } from './statement.js';
export type { Statement, StatementAudience, StatementFault, VerifySignature } from './statement.js';
export {
  FACTS_ENTRY,
  decodeFacts,
  decodeNamespace,
  encodeFacts,
  encodeNamespace,
  namespaceEntryName,
  namespaceOfEntry,
} from './inventory-body.js';
export type { InventoryFacts } from './inventory-body.js';
