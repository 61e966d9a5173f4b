import { afterAll, beforeAll } from 'vitest';
import { probeValkey, real, startValkey, type ValkeyServer } from '@isthmus/testing';
import { queueContract } from './contract.fixture.js';
import { killedWorker } from './killed-worker.fixture.js';
import { createQueue } from './index.js';

const onValkey = await real('valkey', probeValkey);

onValkey('the queue on Valkey', () => {
  let server: ValkeyServer;
  beforeAll(async () => {
    server = await startValkey();
  });
  afterAll(() => server.stop());
  const options = () => ({ redisUrl: server.url, databaseUrl: 'postgresql://unused' });
  queueContract(() => createQueue(options()));
  killedWorker(options);
});
