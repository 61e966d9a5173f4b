// Compares schema.prisma with a migrated (or empty) database through the schema engine's WebAssembly build.
// `node libs/store/src/schema-diff.mjs DATABASE_URL` prints the SQL of the next migration; row-level security is written by hand.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

const require = createRequire(import.meta.url);
const schemaFile = fileURLToPath(new URL('../../../prisma/schema.prisma', import.meta.url));
const filters = { externalTables: ['public._prisma_migrations'], externalEnums: [] };

/** The adapter knows no "char" (type 18), in which the catalog tells kinds of constraints: read as text (25), handed on as a character. */
const CHAR = 18;
const TEXT = 25;

class CatalogReader extends PrismaPg {
  async connect() {
    const adapter = await super.connect();
    const perform = adapter.performIO.bind(adapter);
    const read = adapter.queryRaw.bind(adapter);
    const characters = new WeakMap();
    adapter.performIO = async (query) => {
      const result = await perform(query);
      const columns = (result.fields ?? []).filter((field) => field.dataTypeID === CHAR);
      for (const field of columns) field.dataTypeID = TEXT;
      if (result.rows) characters.set(result.rows, new Set(columns.map((field) => result.fields.indexOf(field))));
      return result;
    };
    adapter.queryRaw = async (query) => {
      const set = await read(query);
      const found = characters.get(set.rows) ?? new Set();
      const columnTypes = set.columnTypes.map((type, index) => (found.has(index) ? ColumnTypeEnum.Character : type));
      return { ...set, columnTypes };
    };
    return adapter;
  }
}

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
  const factory = bindMigrationAwareSqlAdapterFactory(new CatalogReader({ connectionString }));
  const datamodels = [[schemaFile, schema.files[0].content]];
  const engine = await bindings.SchemaEngine.new({ datamodels }, () => undefined, factory);
  const from = { tag: 'schemaDatasource', ...schema, configDir: path.dirname(schemaFile) };
  const to = { tag: 'schemaDatamodel', ...schema };
  const result = await engine.diff({ from, to, script: true, shadowDatabaseUrl: null, exitCode: true, filters });
  return result.exitCode === 0 ? undefined : (result.stdout ?? '');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write((await schemaDiff(process.argv[2])) ?? '-- schema.prisma and the database agree\n');
  process.exit(0);
}
