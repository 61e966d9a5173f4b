import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BENCHES, HELP, parseBenchOptions } from './options.js';
import { reportLines } from './report.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

async function main(): Promise<number> {
  const parsed = parseBenchOptions(process.argv.slice(2));
  if (parsed.kind === 'help') {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  if (parsed.kind === 'usage') {
    process.stderr.write(`${parsed.faults.join('\n')}\n\n${HELP}\n`);
    return 64;
  }
  const { name, size, out } = parsed.options;
  const report = await BENCHES[name](size, new Date());
  const file = out ?? join(ROOT, '.isthmus', 'bench', `${name}-${report.at.replaceAll(':', '')}.json`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
  process.stdout.write(`${reportLines(report).join('\n')}\nraw data: ${file}\n`);
  return 0;
}

process.exitCode = await main();
