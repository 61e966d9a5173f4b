import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAgentMessage, decodeGatewayMessage, encodeMessage } from './codec.js';
import { MAX_FRAME_BYTES } from './limits.js';

const hello = {
  type: 'hello',
  protocol: 1,
  agentVersion: '0.1.0',
  bootId: 'b1',
  clusterUid: 'u1',
  port: 'directory',
  lines: [],
} as const;

describe('decodeAgentMessage', () => {
  it.each([
    ['no JSON', '{'],
    ['an array', '[]'],
    ['null', 'null'],
    ['no type', '{}'],
    ['a gateway id with a path', JSON.stringify({ ...hello, bootId: '../../etc' })],
    ['a header trick in an id', JSON.stringify({ ...hello, clusterUid: 'a\r\nb' })],
    ['a negative seq', JSON.stringify({ ...hello, inventory: { seq: -1, root: 'a'.repeat(64) } })],
    ['a fractional seq', JSON.stringify({ ...hello, inventory: { seq: 1.5, root: 'a'.repeat(64) } })],
    ['an upper-case hash', JSON.stringify({ ...hello, inventory: { seq: 1, root: 'A'.repeat(64) } })],
  ])('calls %s malformed', (_, text) => {
    expect(decodeAgentMessage(text).kind).toBe('malformed');
  });

  it('refuses a frame one byte over the bound before parsing it', () => {
    expect(decodeAgentMessage('x'.repeat(MAX_FRAME_BYTES + 1))).toEqual({
      kind: 'malformed',
      reason: `a frame has at most ${String(MAX_FRAME_BYTES)} bytes`,
    });
  });

  it('names the field that is wrong', () => {
    expect(decodeAgentMessage(JSON.stringify({ ...hello, lines: [{ gns: 'g', line: 'policy' }] }))).toMatchObject({
      reason: expect.stringContaining('hello.lines.0.epoch') as string,
    });
  });

  it('lets a type that it does not know pass by', () => {
    expect(decodeAgentMessage('{"type":"telepathy","x":1}')).toEqual({ kind: 'unknown', type: 'telepathy' });
  });

  it('drops fields that it does not know and keeps the rest', () => {
    expect(decodeAgentMessage(JSON.stringify({ ...hello, future: true }))).toEqual({ kind: 'message', message: hello });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void decodeAgentMessage(text)));
  });
});

describe('decodeGatewayMessage', () => {
  it('refuses what only an agent says', () => {
    expect(decodeGatewayMessage(JSON.stringify(hello)).kind).toBe('unknown');
  });

  it('reads back what was encoded', () => {
    const message = { type: 'bye', reason: 'superseded', retryAfterMs: 5 } as const;
    expect(decodeGatewayMessage(encodeMessage(message))).toEqual({ kind: 'message', message });
  });
});
