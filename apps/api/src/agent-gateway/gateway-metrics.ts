import { Counter, Gauge, Registry } from '@isthmus/platform';

/** What a gateway counts. */
export interface GatewayMetrics {
  frames: Counter<'direction' | 'type'>;
  acks: Counter<'line' | 'outcome'>;
  intakeRefusals: Counter<'reason'>;
  identities: Counter<'door' | 'status'>;
  refusals: Counter<'door' | 'code' | 'about'>;
}

/** Registers the gateway's metrics; without a registry they are counted for nobody. */
export function createGatewayMetrics(registry: Registry | undefined, connections: () => number): GatewayMetrics {
  const registers = [registry ?? new Registry()];
  new Gauge({
    name: 'isthmus_gateway_connections',
    help: 'Streams of agents that are open here',
    registers,
    collect() {
      this.set(connections());
    },
  });
  return {
    frames: new Counter({
      name: 'isthmus_gateway_frames_total',
      help: 'Frames from and to agents',
      labelNames: ['direction', 'type'],
      registers,
    }),
    acks: new Counter({
      name: 'isthmus_gateway_acks_total',
      help: 'What agents said of positions that were sent or applied',
      labelNames: ['line', 'outcome'],
      registers,
    }),
    intakeRefusals: new Counter({
      name: 'isthmus_gateway_intake_refusals_total',
      help: 'Inventory frames that broke their chain, and deletions that were held',
      labelNames: ['reason'],
      registers,
    }),
    identities: new Counter({
      name: 'isthmus_gateway_identity_requests_total',
      help: 'Enrolments and renewals at the door, by HTTP status',
      labelNames: ['door', 'status'],
      registers,
    }),
    refusals: new Counter({
      name: 'isthmus_gateway_refusals_total',
      help: 'Peers that were refused, by issue number; about nobody: no token or certificate tells whose agent it was',
      labelNames: ['door', 'code', 'about'],
      registers,
    }),
  };
}
