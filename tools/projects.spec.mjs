import { describe, expect, it } from 'vitest';
import { lockFaults, projectFaults, readProjects, refusal } from './projects.mjs';

const project = (name, layer, rest = {}) => ({
  dir: `libs/${name}`,
  name: `@isthmus/${name}`,
  layers: [layer],
  runs: ['any'],
  dependencies: [],
  references: [],
  ...rest,
});

describe('the rule of layers', () => {
  it('refuses a pure lib that depends on an I/O lib', () => {
    expect(refusal(project('domain', 'pure'), project('store', 'io'))).toContain('layer:io');
  });

  it('refuses an I/O lib that depends on another', () => {
    expect(refusal(project('queue', 'io'), project('store', 'io'))).toContain('port');
  });

  it('refuses code of the agent that only runs centrally', () => {
    const agent = project('agent', 'app', { runs: ['cluster'] });
    expect(refusal(agent, project('store', 'io', { runs: ['central'] }))).toContain('runs:central');
  });

  it('lets an app use an I/O lib and an I/O lib a pure one', () => {
    expect(refusal(project('api', 'app'), project('kube', 'io'))).toBeUndefined();
    expect(refusal(project('kube', 'io'), project('domain', 'pure'))).toBeUndefined();
  });
});

describe('projectFaults', () => {
  it('takes a reference for specs that are compiled with the rest, and no other', () => {
    const tool = project('tool', 'pure');
    const user = project('user', 'pure', { references: ['libs/tool'] });
    expect(projectFaults([tool, user], [])).toEqual([
      'libs/user/tsconfig.json references must equal its @isthmus dependencies: ',
    ]);
    expect(projectFaults([tool, { ...user, ofSpecs: ['@isthmus/other'] }], [])).toHaveLength(1);
    expect(projectFaults([tool, { ...user, ofSpecs: ['@isthmus/tool'] }], [])).toEqual([]);
  });

  it('names an untagged project', () => {
    const untagged = project('pki', 'pure', { layers: [], runs: [] });
    expect(projectFaults([untagged], [])).toEqual([
      expect.stringContaining('libs/pki/project.json needs exactly one tag of layer:'),
      expect.stringContaining('libs/pki/project.json needs exactly one tag of runs:'),
    ]);
  });

  it('names a dependency without its TypeScript reference', () => {
    const slo = project('slo', 'pure', { dependencies: ['@isthmus/domain'] });
    expect(projectFaults([project('domain', 'pure'), slo], [])).toEqual([expect.stringContaining('libs/domain')]);
  });

  it('finds the projects of this repository, and none at fault', () => {
    expect(readProjects().map(({ name }) => name)).toContain('@isthmus/domain');
    expect(projectFaults()).toEqual([]);
  });

  it('finds the lock in step with the manifests and without the name of a registry', () => {
    expect(lockFaults()).toEqual([]);
  });
});
