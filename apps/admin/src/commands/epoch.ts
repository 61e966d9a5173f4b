import type { Store } from '@isthmus/store';
import type { AdminEnv } from '../env.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { databaseName } from './database-name.js';
import { withStore } from './with-store.js';

/** Prints the epoch, or raises it. */
export async function epochCommand(
  { databaseUrl }: AdminEnv,
  command: { raise: boolean; confirmed: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  return withStore({ databaseUrl }, async (store) => {
    const before = await store.system.epoch();
    if (command.raise) {
      const question = `The epoch of ${databaseName(databaseUrl)} is ${before}. Raise it, so that every agent takes what this database holds?`;
      if (!command.confirmed && (await terminal.confirm?.(question)) !== true) {
        terminal.err('the epoch stays; confirm with --yes');
        return EXIT.usage;
      }
      await raise(store);
      terminal.err('the epoch is raised; the worker signs every pointer anew with the same root');
    }
    const [epoch, schema] = [await store.system.epoch(), await store.system.schemaVersion()];
    terminal.out.write(`${JSON.stringify({ epoch, schema })}\n`);
    return EXIT.done;
  });
}

/** Raises the epoch and has every global namespace looked at; whatever is missed here, the worker's reconcile finds. */
async function raise(store: Store): Promise<void> {
  const epoch = await store.system.raiseEpoch();
  for (const { id: org } of await store.system.organizations()) {
    await store.mutate(org, { actor: 'system:admin', action: 'raiseEpoch' }, async (tx) => {
      await tx.record({ kind: 'Database', id: String(epoch), name: 'epoch', after: { epoch } });
      for (const { gns } of await tx.heads.list()) await tx.outbox.add({ topic: 'gns.compile', subject: gns });
    });
  }
}
