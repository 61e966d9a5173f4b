import type { ClusterInventory, InventoryNamespace, InventoryService } from './types.js';

/** A service with a selector and one HTTP port. */
export const serviceNamed = (name: string, more: Partial<InventoryService> = {}): InventoryService => ({
  name,
  labels: {},
  type: 'ClusterIP',
  headless: false,
  selector: { app: name },
  ports: [{ name: 'http', number: 80, protocol: 'TCP', targetPort: 8080 }],
  ...more,
});

export const namespaceNamed = (name: string, services: InventoryService[] = []): InventoryNamespace => ({
  name,
  labels: { team: name },
  readable: true,
  services,
  workloads: [],
});

export const inventoryOf = (...namespaces: InventoryNamespace[]): ClusterInventory => ({
  mesh: {},
  gateways: [],
  namespaces,
});
