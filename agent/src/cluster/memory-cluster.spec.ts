import { objectKey } from '@isthmus/domain';
import type { KubeObject } from '@isthmus/domain';
import { clusterPortContract } from './contract.fixture.js';
import { memoryCluster } from './memory-cluster.js';

clusterPortContract('memory', () => {
  const port = memoryCluster();
  const putForeign = (object: KubeObject): Promise<void> => {
    port.objects.set(objectKey(object), object);
    return Promise.resolve();
  };
  return Promise.resolve({ port, putForeign });
});
