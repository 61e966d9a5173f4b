import type { GrantRecord } from '@isthmus/store';
import { faultText } from './oidc/verdict.js';
import { GrantChecks } from './sessions/grant-checks.js';
import { openTokens, type SignIn } from './sign-in.js';

const CHECK_MS = 1_000;
const FLUSH_MS = 60_000;
const CLEAN_MS = 60_000;
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
const BATCH = 50;

/** Work beside requests: asks providers again, writes what was refused, forgets what is over. */
export function startUpkeep(signIn: SignIn): { close: () => Promise<void> } {
  const { log } = signIn.parts;
  const checks = new GrantChecks({ ...signIn.parts, providers: signIn.providers });
  const loops = [
    repeat(CHECK_MS, () => checks.begin()),
    repeat(FLUSH_MS, () => signIn.refused.flush()),
    repeat(CLEAN_MS, () => clean(signIn)),
  ];
  function repeat(ms: number, work: () => Promise<unknown>): { stop: () => Promise<void> } {
    let running: Promise<void> | undefined;
    const timer = setInterval(() => {
      running ??= work()
        .catch((err: unknown) => log.warn({ err }, 'upkeep of sign-in failed; it is tried again'))
        .then(() => void (running = undefined));
    }, ms);
    timer.unref();
    return {
      stop: async () => {
        clearInterval(timer);
        await running;
      },
    };
  }
  return {
    close: async () => {
      await Promise.all(loops.map(({ stop }) => stop()));
      await checks.settled();
      await signIn.refused.flush();
    },
  };
}

/** Grants that no session uses are given back to their provider; what ended long ago is forgotten. */
async function clean(signIn: SignIn): Promise<void> {
  const { store, settings, clock } = signIn.parts;
  const before = new Date(clock.now().getTime() - KEPT_MS);
  const unused = await store.withTenant(settings.organization, async (tx) => {
    await tx.userSessions.forget(before);
    return tx.grants.takeUnused(BATCH);
  });
  await Promise.all(unused.map((grant) => giveBack(signIn, grant)));
}

async function giveBack(signIn: SignIn, { account, provider, sealed }: GrantRecord): Promise<void> {
  const tokens = openTokens(signIn.parts.sealer, account, sealed);
  const told = tokens && signIn.providers.get(provider)?.revoke(tokens);
  await told?.catch((error: unknown) =>
    signIn.parts.log.info({ provider, fault: faultText(error) }, 'tokens could not be given back to their provider'),
  );
}
