import type { RunningProduct } from './convergence-product.js';

const PATIENCE_MS = 180_000;

const SETTLED = `{ clusters(first: 100) { nodes { targets(first: 10) { nodes { inSync status } } } }
  globalNamespace(name: "bench") { services(first: 10) { nodes { members(first: 100) { nodes { state } } } } } }`;

interface SettledAnswer {
  clusters: { nodes: { targets: { nodes: { inSync: boolean; status: string }[] } }[] };
  globalNamespace: { services: { nodes: { members: { nodes: { state: string }[] } }[] } };
}

/** Waits until every cluster has applied everything and serves its member. */
export async function untilSettled(product: Pick<RunningProduct, 'graphql'>, clusters: number): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await product.graphql<SettledAnswer>(SETTLED, {});
    const targets = answer.clusters.nodes.flatMap((cluster) => cluster.targets.nodes);
    const members = answer.globalNamespace.services.nodes.flatMap((service) => service.members.nodes);
    const applied = targets.filter(({ inSync, status }) => inSync && status === 'APPLIED').length;
    const served = members.filter(({ state }) => state === 'SERVED').length;
    if (applied === clusters && served === clusters) return;
    if (Date.now() > deadline)
      throw new Error(`after ${PATIENCE_MS / 1000} s ${applied} clusters are in sync and ${served} members are served`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
