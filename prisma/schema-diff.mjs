// Compares schema.prisma with a migrated (or empty) database through the schema engine's WebAssembly build.
// `node prisma/schema-diff.mjs DATABASE_URL` prints the SQL of the next migration; row-level security is written by hand.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

const require = createRequire(import.meta.url);
const schemaFile = fileURLToPath(new URL('./schema.prisma', import.meta.url));
const filters = { externalTables: ['public._prisma_migrations'], externalEnums: [] };

async function loadEngine() {
  const file = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg').replace(/\.js$/, '.wasm');
  const { instance } = await WebAssembly.instantiate(fs.readFileSync(file), { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start?.();
}

/** SQL that leads from the database to schema.prisma; undefined when they agree. */
export async function schemaDiff(connectionString) {
  await loadEngine();
  const schema = { files: [{ path: schemaFile, content: fs.readFileSync(schemaFile, 'utf8') }] };
  const factory = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString }));
  const datamodels = [[schemaFile, schema.files[0].content]];
  const engine = await bindings.SchemaEngine.new({ datamodels }, () => undefined, factory);
  const from = { tag: 'empty' };
  const to = { tag: 'schemaDatamodel', ...schema };
  const result = await engine.diff({ from, to, script: true, shadowDatabaseUrl: null, exitCode: true, filters });
  return result.exitCode === 0 ? undefined : (result.stdout ?? '');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write((await schemaDiff(process.argv[2])) ?? '-- schema.prisma and the database agree\n');
  process.exit(0);
}
