import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { API_NODE_OPTIONS, API_V8_OPTIONS } from './api-process.js';
import { ROOT } from './convergence-product.js';

it('measures the API with the options of its image', () => {
  const image = readFileSync(join(ROOT, 'deploy', 'images', 'Dockerfile'), 'utf8');
  const entry = ['node', ...API_V8_OPTIONS, 'apps/api/dist/main.js'].map((word) => `"${word}"`).join(', ');
  expect(image).toContain(`ENV NODE_OPTIONS="${API_NODE_OPTIONS}"\n`);
  expect(image).toContain(`ENTRYPOINT [${entry}]\n`);
});

it('has options that this version of Node knows', () => {
  const env = { ...process.env, NODE_OPTIONS: API_NODE_OPTIONS };
  const said = execFileSync(process.execPath, [...API_V8_OPTIONS, '-e', 'console.log("started")'], { env });
  expect(said.toString()).toBe('started\n');
});
