import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../scripts/lib/paths.mjs';

const run = promisify(execFile);

async function provision(required) {
  const env = { ...process.env, REQUIRE_REAL: required };
  return run(process.execPath, [inRoot('scripts/provision.mjs')], { env });
}

describe('providing the real parts that tests run over', () => {
  it('provides nothing, and requires nothing, when nothing is named', async () => {
    expect(await provision('')).toMatchObject({ stdout: '\n', stderr: '' });
  });

  it('keeps what it cannot provide among the required, so that its absence fails the tests', async () => {
    const { stdout, stderr } = await provision('postgres, a-part-of-tomorrow');
    expect(stdout).toBe('postgres,a-part-of-tomorrow\n');
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^ready +postgres +\d+\.\d s {2}/),
      expect.stringMatching(/^MISSING +a-part-of-tomorrow +\d+\.\d s {2}not provided here/),
    ]);
  });
});
