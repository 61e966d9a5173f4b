import { beforeAll } from 'vitest';
import { testPostgres } from '@isthmus/testing';
import { queueContract } from './contract.fixture.js';
import { killedWorker } from './killed-worker.fixture.js';
import { createQueue } from './index.js';

const postgres = await testPostgres();

postgres.suite('the queue on Postgres', () => {
  let databaseUrl = '';
  beforeAll(async () => {
    databaseUrl = await postgres.freshDatabase({ empty: true });
  });
  queueContract(() => createQueue({ databaseUrl }));
  killedWorker(() => ({ databaseUrl }));
});
