import type { Context } from '../client/context.js';
import type { SignInAttemptRepository } from '../types/user-sessions.js';

export function signInAttemptRepository({ db, org, clock }: Context): SignInAttemptRepository {
  return {
    begin: async ({ sealed, ...attempt }) => {
      await db.signInAttempt.deleteMany({ where: { orgId: org, expiresAt: { lte: clock.now() } } });
      await db.signInAttempt.create({ data: { orgId: org, ...attempt, nonce: '', verifier: sealed } });
    },
    take: async ({ stateHash, browserHash, provider }) => {
      const where = { orgId: org, stateHash, browserHash, provider, expiresAt: { gt: clock.now() } };
      const row = await db.signInAttempt.findFirst({ where });
      if (row === null) return undefined;
      const taken = await db.signInAttempt.deleteMany({ where });
      const { verifier: sealed, returnTo, expiresAt } = row;
      return taken.count === 1 ? { stateHash, browserHash, provider, sealed, returnTo, expiresAt } : undefined;
    },
  };
}
