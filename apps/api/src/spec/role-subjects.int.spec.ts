import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SubjectRef } from '@isthmus/store';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { ask, fillWorld, tokenWith, type GrantText } from './roles.fixture.js';

const ALL = `{ roleBindings(first: 100) { nodes { role subject { kind id name email deleted } } } }`;

interface Subject extends SubjectRef {
  name: string | null;
  email: string | null;
  deleted: boolean;
}

postgres.suite('whom a grant is for', () => {
  let api: TestApi;
  let ada: string;
  let program: string;
  beforeAll(async () => {
    api = await startTestApi();
    await fillWorld(api.store, 'default');
    await api.store.mutate('default', { actor: 'user:spec', action: 'spec' }, async (tx) => {
      const account = { provider: 'corp', issuer: 'https://login.example', subject: 'ada' };
      const claims = { name: 'Ada Shopkeeper', email: 'ada@example.com', groups: [] };
      ada = (await tx.accounts.signIn(account, claims))?.id ?? '';
      const whose = { name: 'shop-deployer', description: '', role: '', createdBy: 'user:spec' };
      program = (await tx.serviceAccounts.create(whose))?.id ?? '';
      await tx.customRoles.put({ name: 'reader', description: 'Reads grants', permissions: ['roles.read'] });
      const scope = { kind: 'PROJECT' as const, name: 'payments' };
      const subjects: SubjectRef[] = [
        { kind: 'USER', id: ada },
        { kind: 'USER', id: 'gone' },
        { kind: 'GROUP', id: 'corp:shopkeepers' },
        { kind: 'SERVICE_ACCOUNT', id: program },
      ];
      for (const subject of subjects)
        await tx.roleBindings.put({ role: 'Viewer', scope, subject, expiresAt: undefined, createdBy: 'user:spec' });
      await tx.record({ kind: 'Spec', id: 'spec', name: 'spec' });
    });
  });
  afterAll(() => api.close());

  const seenBy = async (...grants: GrantText[]): Promise<Subject[]> => {
    const { data, errors } = await ask(api.url, await tokenWith(api.store, 'default', ...grants), ALL);
    expect(errors).toBeUndefined();
    const nodes = data.roleBindings.nodes as { role: string; subject: Subject }[];
    return nodes.filter(({ role }) => role === 'Viewer').map(({ subject }) => subject);
  };
  const unknown = { name: null, email: null, deleted: false };

  it('is told by id alone to those who may see the grant but know no people, and a group by its name', async () => {
    const seen = await seenBy('reader@PROJECT:payments');
    expect(seen).toContainEqual({ kind: 'USER', id: ada, ...unknown });
    expect(seen).toContainEqual({ kind: 'SERVICE_ACCOUNT', id: program, ...unknown });
    expect(seen).toContainEqual({ kind: 'GROUP', id: 'corp:shopkeepers', ...unknown, name: 'corp:shopkeepers' });
  });

  it.each(['Admin@PROJECT:payments', 'Auditor', 'Owner'])('is told by name to %s', async (grant) => {
    const seen = await seenBy(grant);
    expect(seen).toContainEqual({
      kind: 'USER',
      id: ada,
      name: 'Ada Shopkeeper',
      email: 'ada@example.com',
      deleted: false,
    });
    expect(seen).toContainEqual({ kind: 'SERVICE_ACCOUNT', id: program, ...unknown, name: 'shop-deployer' });
  });

  it('is said to be deleted once nobody of the id is there', async () => {
    for (const grant of ['reader@PROJECT:payments', 'Owner'])
      expect(await seenBy(grant)).toContainEqual({ kind: 'USER', id: 'gone', name: null, email: null, deleted: true });
  });
});
