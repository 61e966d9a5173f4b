import { describe, expect, it } from 'vitest';
import { NEEDED_KINDS, OPTIONAL_KINDS } from './owned-object.js';
import { baseFiles, policyCases, renderFiles } from './policy-cases.fixture.js';

const text = policyCases().find(({ name }) => name === 'telemetry')?.text ?? '';
const files = [...baseFiles(), { path: 'case.yaml', text }];
const renderedWith = (servedKinds: readonly string[]) => renderFiles(files, (all) => all, { servedKinds });

describe('a cluster without the kind Telemetry', () => {
  const served = [...NEEDED_KINDS, ...OPTIONAL_KINDS];
  const without = renderedWith(served.filter((kind) => !kind.endsWith('/Telemetry')));
  const kindsIn = (cluster: string) => new Set(without.clusters.get(cluster)?.map(({ kind }) => kind));

  it('is told which blocks have no effect, as notes, by policy and host', () => {
    const told = without.issues.filter(({ cluster, message }) => cluster === 'west' && message.includes('Telemetry'));
    expect(told.map(({ code, path }) => `${code} ${path}`)).toContain('ISM0957 host/details.bookinfo.global');
    expect(new Set(told.map(({ severity }) => severity))).toEqual(new Set(['INFO']));
  });

  it('gets everything else', () => {
    expect(kindsIn('west')).toEqual(new Set(['ServiceEntry', 'DestinationRule', 'VirtualService', 'Gateway']));
  });

  it('differs from one that serves it', () => {
    const kinds = new Set(
      renderedWith(served)
        .clusters.get('west')
        ?.map(({ kind }) => kind),
    );
    expect(kinds).toContain('Telemetry');
  });
});
