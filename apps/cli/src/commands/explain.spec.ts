import { RESOURCE_KINDS } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { isthmus } from '../terminal.fixture.js';

describe('explain', () => {
  it.each(['gns.spec.membrs', 'gns.', 'gns.spec.domain.more', 'nothing', 'gns.__proto__', 'gns.spec.constructor'])(
    'refuses %s as wrong usage',
    async (path) => {
      expect((await isthmus(`explain ${path}`)).code).toBe(64);
    },
  );

  it('names what was meant', async () => {
    expect((await isthmus('explain gns.spec.membrs')).err).toContain('did you mean members?');
  });

  it('says what a field is, through lists, and what it holds', async () => {
    const { code, out } = await isthmus('explain gns.spec.members');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^KIND: {5}GlobalNamespace\nVERSION: {2}isthmus\.dev\/v1alpha1\nFIELD: {4}spec\.members <\[\]object> -required-\n/,
    );
    expect(out).toContain('\nFIELDS:\n  clusters <object>\n');
    expect((await isthmus('explain ep.spec.mode')).out).toContain('One of: DISABLE, PERMISSIVE, STRICT');
    expect((await isthmus('explain cluster.metadata.labels')).out).toContain('<map[string]string>');
  });

  it('lists every field below when asked to', async () => {
    const { out } = await isthmus('explain slo --recursive');
    expect(out).toContain('\n  spec <object> -required-\n    targets <[]object> -required-\n');
  });

  it('knows every kind', async () => {
    for (const kind of RESOURCE_KINDS) expect((await isthmus(`explain ${kind}`)).out).toContain(`KIND:     ${kind}\n`);
  });
});
