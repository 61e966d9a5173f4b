// Takes one job of the queue named by its argument, says so, and never ends it.
import { createPostgresBackend, Worker } from 'bullmq';

const { redisUrl, databaseUrl } = JSON.parse(process.argv[2]);
const settings = { lockDuration: 3_000, stalledInterval: 1_000 };
const forever = () =>
  new Promise(() => {
    process.stdout.write('taken\n');
    setInterval(() => undefined, 1_000);
  });
if (redisUrl === undefined) {
  const connection = { connectionString: databaseUrl, schema: 'isthmus_queue' };
  new Worker('killed', forever, { ...settings, connection }, createPostgresBackend);
} else {
  new Worker('killed', forever, {
    ...settings,
    connection: { url: redisUrl, maxRetriesPerRequest: null },
    prefix: '{isthmus}',
  });
}
