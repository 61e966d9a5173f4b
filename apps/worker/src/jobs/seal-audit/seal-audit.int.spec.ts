import { createPublicKey, verify } from 'node:crypto';
import { AuditChain, type AuditRow, type Issue } from '@isthmus/domain';
import type { AuditRecord, AuditSealRecord, Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ORG, World } from '../../world.fixture.js';
import { SEAL_ROWS, sealAudit } from './seal-audit.js';

const postgres = await testPostgres();

postgres.suite('sealing the audit log', () => {
  let store: Store;
  let world: World;
  let client: pg.Client;
  beforeAll(async () => {
    const fresh = await postgres.freshStore();
    ({ store } = fresh);
    world = new World(store);
    client = new pg.Client({ connectionString: fresh.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await store.close();
  });
  beforeEach(() => seal());

  const owner = (sql: string): Promise<unknown> => client.query(sql);
  const seal = () => sealAudit({ store, signer: world.signer }, ORG);
  const seals = (): Promise<AuditSealRecord[]> =>
    store.withTenant(ORG, async (tx) => (await tx.auditSeals.list({ first: 1000 })).items.map(({ record }) => record));
  const rowsOf = (seq: number): Promise<AuditRecord[]> =>
    store.withTenant(ORG, async (tx) =>
      (await tx.audit.list({ seal: seq }, { first: 1000 })).items.map(({ record }) => record),
    );

  async function act(count: number): Promise<void> {
    await store.mutate(ORG, { actor: 'spec', action: 'act', ip: '127.0.0.1' }, async (tx) => {
      for (let index = 0; index < count; index += 1)
        await tx.record({ kind: 'Thing', id: String(index), after: { share: 0.5, text: 'ü', none: null, list: [1] } });
    });
  }

  async function judge(): Promise<Issue[]> {
    const key = createPublicKey(world.signer.publicKeyPem);
    const isSigned = (text: string, signature: string) =>
      verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
    const chain = new AuditChain({ org: ORG, verify: isSigned });
    const found: Issue[] = [];
    for (const one of await seals()) {
      const rows = (await rowsOf(one.seq)).map((row): AuditRow => ({ ...row, at: row.at.toISOString() }));
      found.push(...chain.next({ ...one, sealedAt: one.sealedAt.toISOString() }, rows));
    }
    return found;
  }

  it('writes nothing where nothing was changed', async () => {
    const before = await seals();
    await seal();
    expect(await seals()).toEqual(before);
  });

  it('is refused to whoever would change or remove what was written, the owner of the tables included', async () => {
    await act(1);
    await seal();
    for (const sql of [
      `UPDATE audit SET actor = 'other'`,
      `UPDATE audit SET seal = NULL`,
      `DELETE FROM audit`,
      `TRUNCATE audit`,
      `UPDATE audit_seal SET hash = 'x'`,
      `DELETE FROM audit_seal`,
      `TRUNCATE audit_seal`,
    ])
      await expect(owner(sql)).rejects.toThrow('the audit log is only added to');
    await act(1);
    await expect(owner(`UPDATE audit SET seal = 99, actor = 'other' WHERE seal IS NULL`)).rejects.toThrow('only added');
    await expect(
      store.withTenant(ORG, async (tx) => {
        const last = await tx.auditSeals.last();
        const [sealed] = (await tx.audit.list({ seal: last?.seq ?? 0 }, { first: 1 })).items;
        if (last !== undefined) await tx.auditSeals.put({ ...last, seq: last.seq + 1 }, [sealed?.record.id ?? '']);
      }),
    ).rejects.toThrow('sealed already');
  });

  it('closes every change in a chain that verifies, however many there are', async () => {
    const before = (await seals()).at(-1)?.seq ?? 0;
    await act(SEAL_ROWS + 1);
    await seal();
    expect((await seals()).filter(({ seq }) => seq > before).map(({ rows }) => rows)).toEqual([SEAL_ROWS, 1]);
    expect(await store.withTenant(ORG, (tx) => tx.auditSeals.unsealed(1))).toEqual([]);
    expect(await judge()).toEqual([]);
  });

  it('puts a change that is committed late into a later seal', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isWritten = (): void => undefined;
    const written = new Promise<void>((resolve) => {
      isWritten = resolve;
    });
    const late = store.mutate(ORG, { actor: 'late', action: 'act' }, async (tx) => {
      await tx.record({ kind: 'Thing', id: 'late' });
      isWritten();
      await held;
    });
    await written;
    await act(1);
    await seal();
    release();
    await late;
    await seal();
    const [early, last] = (await seals()).slice(-2);
    expect((await rowsOf(last?.seq ?? 0)).map(({ actor }) => actor)).toEqual(['late']);
    expect((await rowsOf(early?.seq ?? 0)).map(({ actor }) => actor)).toEqual(['spec']);
    expect(await judge()).toEqual([]);
  });

  it('is done once when several workers do it', async () => {
    await act(20);
    await Promise.all(Array.from({ length: 6 }, seal));
    await seal();
    expect(await judge()).toEqual([]);
    expect(await store.withTenant(ORG, (tx) => tx.auditSeals.unsealed(1))).toEqual([]);
  });

  it('shows what somebody with the rights of a superuser changed all the same', async () => {
    await act(2);
    await seal();
    const last = (await seals()).at(-1);
    await owner(`ALTER TABLE audit DISABLE TRIGGER audit_is_kept`);
    await owner(`UPDATE audit SET actor = 'somebody else' WHERE seal = ${last?.seq ?? 0}`);
    await owner(`ALTER TABLE audit ENABLE TRIGGER audit_is_kept`);
    expect((await judge()).map(({ code }) => code)).toEqual(['ISM0972']);
  });
});
