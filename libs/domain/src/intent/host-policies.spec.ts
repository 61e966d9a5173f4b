import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byPrecedence, SCOPES, type BlockEntry, type Scope } from './features/block.js';
import { HostPolicies } from './host-policies.js';

function block(name: string, scope: Scope, fields: Partial<BlockEntry> = {}): BlockEntry {
  return {
    kind: 'block',
    scope,
    policy: { kind: 'TrafficPolicy', project: 'default', name },
    feature: { kind: 'timeout', requestMs: 1 },
    ...fields,
  };
}

const winner = (gns: BlockEntry[], host: BlockEntry[] = [], at: { groups?: string[]; port?: number } = {}) =>
  new HostPolicies({ blocks: gns }, { blocks: host, groups: at.groups }).explain('timeout', at.port).holds[0]?.policy
    .name;

const anyBlock = fc
  .tuple(fc.constantFrom(...SCOPES), fc.constantFrom('a', 'b', 'c'), fc.boolean())
  .map(([scope, name, enforced]) => block(name, scope, enforced ? { enforced: true } : {}));

describe('what holds for a host', () => {
  it('is nothing without a policy, or with policies for other groups and ports only', () => {
    expect(winner([])).toBeUndefined();
    expect(winner([block('g', 'SERVICE_GROUP', { group: 'gold' })], [], { groups: ['silver'] })).toBeUndefined();
    expect(winner([], [block('p', 'PORT', { port: 80 })], { port: 81 })).toBeUndefined();
    expect(winner([], [block('p', 'PORT', { port: 80 })])).toBeUndefined();
  });

  it('is said by the narrowest scope', () => {
    const wide = [block('o', 'ORGANIZATION'), block('p', 'PROJECT'), block('n', 'GLOBAL_NAMESPACE')];
    const group = block('g', 'SERVICE_GROUP', { group: 'gold' });
    const narrow = [block('s', 'SERVICE'), block('t', 'PORT', { port: 80 })];
    expect(winner(wide.slice(0, 1))).toBe('o');
    expect(winner(wide.slice(0, 2))).toBe('p');
    expect(winner(wide)).toBe('n');
    expect(winner([...wide, group], [], { groups: ['gold'] })).toBe('g');
    expect(winner([...wide, group], narrow, { groups: ['gold'] })).toBe('s');
    expect(winner([...wide, group], narrow, { groups: ['gold'], port: 80 })).toBe('t');
  });

  it('is said by the widest scope that is enforced', () => {
    const enforced = { enforced: true as const };
    expect(
      winner([block('o', 'ORGANIZATION', enforced), block('n', 'GLOBAL_NAMESPACE', enforced)], [block('s', 'SERVICE')]),
    ).toBe('o');
    expect(
      winner([block('o', 'ORGANIZATION')], [block('s', 'SERVICE', enforced), block('t', 'PORT', { port: 1 })], {
        port: 1,
      }),
    ).toBe('s');
  });

  it('is said at equal scope by the first policy by name', () => {
    expect(winner([block('b', 'PROJECT'), block('a', 'PROJECT')])).toBe('a');
  });

  it('does not depend on the order of the blocks, and loses nobody', () => {
    fc.assert(
      fc.property(fc.array(anyBlock, { minLength: 1 }), (blocks) => {
        const { holds, lost } = new HostPolicies({ blocks }, {}).explain('timeout');
        const turned = new HostPolicies({ blocks: [...blocks].reverse() }, {}).explain('timeout');
        expect(holds.length).toBe(turned.holds.length);
        for (const [index, one] of holds.entries()) expect(byPrecedence(one, turned.holds[index] ?? one)).toBe(0);
        expect(holds.length + lost.length).toBe(
          blocks.filter(({ scope }) => scope !== 'PORT' && scope !== 'SERVICE_GROUP').length,
        );
      }),
    );
  });
});
