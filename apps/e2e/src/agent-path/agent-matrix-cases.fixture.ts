import type { GatewayEdge } from '@isthmus/api/spec';
import { packSignals } from '@isthmus/slo';
import type { AgentMessage, AgentMessageOf, Position } from '@isthmus/protocol';
import { KUBERNETES_UID, type Place } from './agent-matrix-world.fixture.js';
import type { DoorCall } from './gateway-doors.fixture.js';

type Type = AgentMessage['type'];

/** Who sends, and a number that no sending had before. */
export interface Sender {
  self: Place;
  turn: number;
}

/** One of each type of message, aimed at a place in every way that the message has: total, so that a new type does not compile without. */
export const MESSAGES: { readonly [T in Type]: (place: Place, sender: Sender) => AgentMessageOf<T> } = {
  hello: (place, { self }) => ({
    ...{ type: 'hello', protocol: 2, agentVersion: 'spec', port: 'directory', clusterUid: KUBERNETES_UID },
    bootId: self.bootId,
    lines: place === self ? [] : [held(place.policy), held(place.catalog), ...asOwn(place, self)],
    inventory: { seq: 1, root: place.inventory.root },
  }),
  received: ({ policy }) => ({ ...policy, type: 'received', outcome: 'NEED_FULL' }),
  applied: ({ policy }, { turn }) => ({
    ...{ ...policy, type: 'applied', state: 'HELD', objects: turn, issues: [] },
    held: { setHash: 'c'.repeat(64), count: 1, items: ['an object'] },
  }),
  inventory: ({ bootId, inventory }) => ({
    ...{ type: 'inventory', bootId, seq: 1, prevSeq: 0, complete: true, ...inventory, remove: [], unreadable: [] },
  }),
  signals: ({ gns, host }, { turn }) => ({
    ...{ type: 'signals', gns, minute: Math.floor(Date.now() / 60_000) * 60 },
    ...packSignals({ samples: [{ host, total: turn, errors: 0 }], simulated: false }),
  }),
  renew: ({ csr }) => ({ type: 'renew', csr }),
  pong: ({ policy }) => ({ type: 'pong', id: policy.seq }),
};

const held = (at: Position) => ({ ...at, have: at.root });

/** Trees of somebody else, said to be what the sender holds itself: what is sent is the way from there. */
function asOwn(place: Place, self: Place): AgentMessageOf<'hello'>['lines'] {
  return [
    { ...self.policy, seq: 0, root: place.policy.root, have: place.policy.root },
    { ...self.catalog, seq: 0, root: place.catalog.root, have: place.catalog.root },
  ];
}

/** A call of each edge, aimed at a place: total as well. `token`: one of the sender's own. */
export const EDGES: { readonly [E in GatewayEdge]: (place: Place, token: string) => DoorCall } = {
  '/healthz': ({ cluster }) => ({ method: 'GET', path: `/healthz?cluster=${cluster}` }),
  '/enrol': (place, token) => ({
    path: '/enrol',
    body: { ...claims(place), token, csr: place.csr, agentVersion: 'spec', clusterUid: KUBERNETES_UID },
    headers: headersOf(place),
  }),
  '/renew': (place) => ({ path: '/renew', body: { ...claims(place), csr: place.csr }, headers: headersOf(place) }),
  '/agent': (place) => ({ method: 'GET', path: `/agent?cluster=${place.cluster}`, headers: headersOf(place) }),
};

const claims = ({ org, cluster, mark }: Place) => ({ org, cluster: { uid: cluster, name: mark }, identity: cluster });
const headersOf = ({ org, cluster }: Place) => ({
  'x-forwarded-client-cert': `URI=isthmus://org/${org}/cluster/${cluster}`,
  'x-isthmus-org': org,
});
