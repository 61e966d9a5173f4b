import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { testPostgres } from '@isthmus/testing';

const postgres = await testPostgres();
const program = fileURLToPath(new URL('./schema-diff.mjs', import.meta.url));

postgres.suite('the migrations', () => {
  const diff = (url: string) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [program, url], { encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    return stdout;
  };

  it('differ from schema.prisma where nothing was migrated, so that the comparison sees something', async () => {
    expect(diff(await postgres.freshDatabase({ empty: true }))).toContain('CREATE TABLE "resource"');
  });

  it('lead exactly to schema.prisma', async () => {
    expect(diff(await postgres.freshDatabase())).toBe('-- schema.prisma and the database agree\n');
  });
});
