/** Everything that the gateway answers to, by path, and what opens it. What is not here is not there. */
export const GATEWAY_EDGES = {
  '/healthz': 'GET',
  '/enrol': 'POST',
  '/renew': 'POST',
  '/agent': 'UPGRADE',
} as const;

export type GatewayEdge = keyof typeof GATEWAY_EDGES;

type OpenedBy<How> = { [E in GatewayEdge]: (typeof GATEWAY_EDGES)[E] extends How ? E : never }[GatewayEdge];

/** Edges that trade one credential for another. */
export type Door = OpenedBy<'POST'>;

/** The edge at a path, if it is opened so. */
export function edgeAt<How extends 'GET' | 'POST' | 'UPGRADE'>(
  address: string | undefined,
  how: How,
): OpenedBy<How> | undefined {
  const path = new URL(address ?? '/', 'https://gateway').pathname;
  const isOpen = Object.entries(GATEWAY_EDGES).some(([at, opened]) => at === path && opened === how);
  return isOpen ? (path as OpenedBy<How>) : undefined;
}
