import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ENV_VARIABLES as apiVariables } from '../apps/api/src/env.ts';
import { ENV_VARIABLES as workerVariables } from '../apps/worker/src/env.ts';
import { AGENT_RUNTIME } from '../libs/installation/src/values.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');
const { services } = parse(read('docker-compose.yml'), { merge: true });
const dockerfile = read('deploy/images/Dockerfile');
const targets = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name);
const exactTag = /:\d+\.\d+(\.\d+)?(-[a-z]+)?$/;

describe('docker-compose.yml', () => {
  it('names every image that it does not build by an exact version', () => {
    const images = Object.values(services).filter(({ build }) => build === undefined);
    for (const { image } of images) expect(image).toMatch(exactTag);
  });

  it('builds targets that the Dockerfile has', () => {
    const built = Object.values(services).flatMap(({ build }) => (build === undefined ? [] : [build.target]));
    expect(built.length).toBeGreaterThan(0);
    for (const target of built) expect(targets).toContain(target);
  });

  it.each([
    ['api', apiVariables],
    ['worker', workerVariables],
  ])('sets only variables that %s or its companions read', (name, variables) => {
    const known = new Set([...variables.map((variable) => variable.name), 'REDIS_URL']);
    for (const variable of Object.keys(services[name].environment)) expect(known).toContain(variable);
  });

  it('publishes nothing but the API on the loopback and the gateway, which is its own TLS server', () => {
    const ports = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(ports.sort()).toEqual(['127.0.0.1:4000:4000', '4443:4443']);
  });

  it('runs our programs without capabilities on a read-only root', () => {
    for (const name of ['api', 'worker']) expect(services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });
});

describe('the Dockerfile', () => {
  it('takes an exact version of Node', () => {
    expect(dockerfile).toMatch(/^ARG NODE_IMAGE=\S+:\d+\.\d+\.\d+-\S+$/m);
  });

  it('runs every program as an unprivileged user, from a file that the build makes', () => {
    const stages = dockerfile.split(/^FROM /m).filter((stage) => /^\$\{NODE_IMAGE\} AS (?!build)/.test(stage));
    expect(stages).toHaveLength(2);
    for (const stage of stages) expect(stage).toMatch(/^USER 65532:65532$/m);
    const scripts = [
      ...dockerfile.matchAll(/^ENTRYPOINT \["node", (?:"--[\w=-]+", )*"(\S+)\/dist\/main\.js"\]$/gm),
    ].map(([, folder]) => folder);
    expect(scripts).toHaveLength(targets.length - 3);
    for (const folder of scripts) expect(fs.existsSync(path.join(root, folder, 'src', 'main.ts'))).toBe(true);
  });

  it('ships the agent as the bundle that `npm run build:agent` makes, and nothing else', () => {
    const [, stage] = /^FROM \S+ AS agent$([^]*?)^FROM /m.exec(dockerfile);
    expect(stage.match(/^COPY .*$/gm)).toEqual(['COPY --from=build --chown=root:root /src/agent/bundle ./']);
    expect(stage).toContain('ENTRYPOINT ["node", "/app/agent.mjs"]');
    expect(dockerfile).toContain('npm run build:agent');
  });

  it('starts the agent with what keeps it small in the manifest and the chart, too', () => {
    const [, stage] = /^FROM \S+ AS agent$([^]*?)^FROM /m.exec(dockerfile);
    const lines = stage.match(/^ENV .*$/gm).join(' ');
    const set = [...lines.matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g)].map(([, name, quoted, plain]) => [
      name,
      quoted ?? plain,
    ]);
    expect(Object.fromEntries(set)).toEqual({ NODE_ENV: 'production', ...AGENT_RUNTIME });
  });
});
