import { createStore, type Store } from '@isthmus/store';
import type { AdminEnv } from '../env.js';

/** Works on the store, and closes it whatever comes of it. */
export async function withStore<T>(
  { databaseUrl }: Pick<AdminEnv, 'databaseUrl'>,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const store = createStore({ connectionString: databaseUrl, poolSize: 2, applicationName: 'isthmus-admin' });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
