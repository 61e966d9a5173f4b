import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { real } from '@isthmus/testing';
import { afterAll, expect, it } from 'vitest';
import { renderYaml } from '../../render-yaml.js';
import { baseFiles, policyCases, renderFiles } from './policy-cases.fixture.js';
import { CASES_DIR, goldenCases, goldenFile } from './golden-cases.fixture.js';
import { istioctl, probeIstioctl } from './istioctl.fixture.js';

const files = goldenCases().flatMap(({ name, locals }) =>
  locals.map(({ cluster }) => ({ title: `${name}/${cluster}`, file: goldenFile(name, cluster, 'objects') })),
);
const bundles = path.join(CASES_DIR, '../istio-bundles');
const bundleFiles = fs
  .readdirSync(bundles, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.golden.yaml'))
  .map((title) => ({ title, file: path.join(bundles, title) }));
const casesFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'isthmus-policy-cases-'));
afterAll(() => fs.rmSync(casesFolder, { recursive: true }));

/** Policy cases keep only what differs in their golden files; the judge sees everything of the cluster. */
const caseFiles = policyCases().flatMap(({ name, text }) =>
  [...renderFiles([...baseFiles(), { path: 'case.yaml', text }]).clusters].map(([cluster, objects]) => {
    const file = path.join(casesFolder, `${name}.${cluster}.yaml`);
    fs.writeFileSync(file, renderYaml(objects));
    return { title: `policy case ${name}/${cluster}`, file };
  }),
);
const filled = [...files.filter(({ file }) => fs.readFileSync(file, 'utf8') !== ''), ...bundleFiles, ...caseFiles];

/** What istioctl says of each and every EnvoyFilter, whatever is in it; why there is an opt-in. */
const ANY_ENVOY_FILTER = 'EnvoyFilter exposes internal implementation details that may change at any time.';

/** Both print what they find; analyze ends with 0 even then, so its words count. */
async function judge(arguments_: string[]): Promise<string> {
  const { stdout, stderr } = await istioctl(arguments_).catch(
    (error: unknown) => error as { stdout: string; stderr: string },
  );
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => !line.includes(ANY_ENVOY_FILTER));
  return lines.join('\n');
}

/** It misses an authority in each rule, and does not know that the Secret of a credentialName holds one. */
const CREDENTIALS = ['IST0128', 'IST0129'].flatMap((code) => ['--suppress', `${code}=DestinationRule *`]);

const suite = await real('istioctl', probeIstioctl);

suite('istioctl on rendered objects', () => {
  it('refuses what is broken, so its silence means something', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isthmus-istioctl-'));
    const file = path.join(folder, 'broken.yaml');
    const text = fs.readFileSync(goldenFile('two-owners', 'east', 'objects'), 'utf8');
    fs.writeFileSync(file, text.replace('resolution: DNS', 'resolution: NOWHERE'));
    expect(await judge(['validate', '-f', file])).toMatch(/error|invalid/i);
    fs.rmSync(folder, { recursive: true });
  });

  it('refuses a field that a filter of Envoy does not know', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isthmus-istioctl-'));
    const [limits] = caseFiles.filter(({ title }) => title === 'policy case rate-limits/west');
    const file = path.join(folder, 'broken.yaml');
    fs.writeFileSync(file, fs.readFileSync(limits?.file ?? '', 'utf8').replaceAll('fill_interval', 'fill_intervall'));
    expect(await judge(['validate', '-f', file])).toContain('unknown field "fill_intervall"');
    fs.rmSync(folder, { recursive: true });
  });

  it.each(filled)('finds $title valid', async ({ file }) => {
    const said = await judge(['validate', '-f', file]);
    expect(said.trim()).toMatch(/^"[^"\n]+" (?:is valid|has warnings:)$/);
  });

  it.each(filled)('finds nothing to warn of in $title', async ({ file }) => {
    const except = fs.readFileSync(file, 'utf8').includes('credentialName: ') ? CREDENTIALS : [];
    const said = await judge(['analyze', '--use-kube=false', '-A', ...except, file]);
    expect(said.replace(/^✔? ?No validation issues found.*$/m, '').trim()).toBe('');
  });
});
