import type * as z from 'zod';
import { agentMessageSchema } from './agent-messages.js';
import type { AgentMessage } from './agent-messages.js';
import { gatewayMessageSchema } from './gateway-messages.js';
import type { GatewayMessage } from './gateway-messages.js';
import { MAX_FRAME_BYTES } from './limits.js';

/** A known message, one of a type that this release does not know (to be ignored), or something to close the stream over. */
export type Decoded<M> =
  { kind: 'message'; message: M } | { kind: 'unknown'; type: string } | { kind: 'malformed'; reason: string };

/** Text of a frame. */
export function encodeMessage(message: AgentMessage | GatewayMessage): string {
  return JSON.stringify(message);
}

/** Reads a frame that an agent sent. Fields that this release does not know are dropped. */
export function decodeAgentMessage(text: string): Decoded<AgentMessage> {
  return decode(text, agentMessageSchema, AGENT_TYPES);
}

/** Reads a frame that a gateway sent. Fields that this release does not know are dropped. */
export function decodeGatewayMessage(text: string): Decoded<GatewayMessage> {
  return decode(text, gatewayMessageSchema, GATEWAY_TYPES);
}

const AGENT_TYPES: ReadonlySet<string> = new Set(agentMessageSchema.options.map((option) => option.shape.type.value));
const GATEWAY_TYPES: ReadonlySet<string> = new Set(
  gatewayMessageSchema.options.map((option) => option.shape.type.value),
);

function decode<M>(text: string, schema: z.ZodType<M>, types: ReadonlySet<string>): Decoded<M> {
  if (text.length > MAX_FRAME_BYTES)
    return { kind: 'malformed', reason: `a frame has at most ${String(MAX_FRAME_BYTES)} bytes` };
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string') {
    return { kind: 'malformed', reason: 'a frame is a JSON object with a type' };
  }
  if (!types.has(value.type)) return { kind: 'unknown', type: value.type.slice(0, 64) };
  const parsed = schema.safeParse(value);
  if (parsed.success) return { kind: 'message', message: parsed.data };
  const [first] = parsed.error.issues;
  const where = first ? `${value.type}.${first.path.map(String).join('.')}: ${first.message}` : value.type;
  return { kind: 'malformed', reason: where.slice(0, 256) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
