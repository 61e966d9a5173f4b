import { describe, expect, it } from 'vitest';
import { callsOf, graphOf } from './graph-model.js';
import { shownEdge, shownGroup, shownService, shownTopology } from './topology.fixture.js';
import { nextNode } from './walk.js';

const boxesOf = (...given: Parameters<typeof graphOf>) =>
  graphOf(...given).boxes.map(({ name, nodes }) => [name, ...nodes.map(({ of }) => of)]);

describe('the graph', () => {
  it('has a service in each box where it stands, with what it is there', () => {
    const topology = shownTopology();
    expect(boxesOf(topology, 'cluster')).toEqual([
      ['east', 'gateway/east', 'id-cart'],
      ['west', 'id-cart', 'id-pay'],
    ]);
    expect(boxesOf(topology, 'version')).toEqual([
      ['', 'id-pay'],
      ['v1', 'id-cart'],
      ['v2', 'id-cart'],
    ]);
    expect(boxesOf(topology, 'namespace')).toEqual([['shop', 'id-cart', 'id-pay']]);
    const [east] = graphOf(topology, 'cluster').boxes;
    expect(east?.nodes[1]).toMatchObject({ instances: [{ cluster: 'east', versions: ['v1'] }] });
  });

  it('puts services that are told together into their box', () => {
    const topology = shownTopology({ groups: [shownGroup('east', 800)] });
    expect(boxesOf(topology, 'cluster')[0]).toEqual(['east', 'gateway/east', 'id-cart', 'group/east']);
  });

  it('leads between clusters to gateways that are known, and nowhere else', () => {
    const { paths } = graphOf(shownTopology(), 'cluster');
    expect(paths).toEqual([{ id: 'path/west/east', from: 'box/west', to: 'gateway/east' }]);
    expect(graphOf(shownTopology(), 'namespace').paths).toEqual([]);
    const hidden = shownTopology({ clusters: shownTopology().clusters.map((one) => ({ ...one, gateways: null })) });
    expect(graphOf(hidden, 'cluster').paths).toMatchObject([{ from: 'box/west', to: 'box/east' }]);
  });

  it('draws calls within a box where both stand in one, and one line where both ways are alike', () => {
    const graph = graphOf(shownTopology(), 'cluster');
    const both = [shownEdge('pay', 'cart'), shownEdge('cart', 'pay')];
    expect(callsOf(graph, both, 'id-cart')).toMatchObject([
      { from: 'box/west|id-pay', to: 'box/west|id-cart', isMutual: true },
    ]);
    const differing = [shownEdge('pay', 'cart'), shownEdge('cart', 'pay', { verdict: 'DENIED' })];
    expect(callsOf(graph, differing, 'id-cart')).toHaveLength(2);
    expect(callsOf(graph, [shownEdge('gone', 'cart')], 'id-cart')).toEqual([]);
    const apart = graphOf(
      shownTopology({ services: [shownService('a', ['east']), shownService('b', ['west'])] }),
      'cluster',
    );
    expect(callsOf(apart, [shownEdge('a', 'b')], 'id-a')).toMatchObject([
      { from: 'box/east|id-a', to: 'box/west|id-b' },
    ]);
  });
});

describe('walking', () => {
  const at = (id: string, x: number, y: number) => ({ id, x, y, width: 10, height: 10 });
  const nodes = [at('a', 0, 0), at('b', 20, 0), at('c', 0, 20), at('d', 22, 22)];

  it('goes to the nearest node in the direction, and nowhere at the edge', () => {
    expect(nextNode(nodes, 'a', 'ArrowRight')).toBe('b');
    expect(nextNode(nodes, 'a', 'ArrowDown')).toBe('c');
    expect(nextNode(nodes, 'd', 'ArrowUp')).toBe('b');
    expect(nextNode(nodes, 'a', 'ArrowLeft')).toBeUndefined();
    expect(nextNode(nodes, 'gone', 'ArrowLeft')).toBe('a');
  });
});
