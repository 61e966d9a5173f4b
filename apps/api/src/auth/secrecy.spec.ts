import { issue, type Issue } from '@isthmus/domain';
import type { ResourceRecord, TenantTx } from '@isthmus/store';
import { describe, expect, it, vi } from 'vitest';
import { grantOf, type GrantText } from '../spec/roles.fixture.js';
import { NOTHING_HIDDEN, secrecyIn, type Secrecy } from './secrecy.js';
import { rightsOf } from './rights.js';

const record = (
  ...[kind, project, name, spec = {}]: [ResourceRecord['kind'], string, string, object?]
): ResourceRecord => ({
  ...{ uid: `uid-${name}`, kind, project, name, labels: {}, annotations: {}, generation: 1, resourceVersion: '1' },
  ...{ spec: spec, createdAt: new Date(0), updatedAt: new Date(0) },
});
const gns = (project: string, name: string) => record('GlobalNamespace', project, name, { domain: `${name}.example` });

const WORLD: readonly ResourceRecord[] = [
  record('Project', '', 'payments'),
  record('Project', '', 'vault'),
  record('Cluster', '', 'east'),
  record('Cluster', '', 'bunker'),
  gns('payments', 'shop'),
  gns('payments', 'cart'),
  gns('vault', 'gold'),
  record('TrafficPolicy', 'vault', 'fast', { targets: [{ globalNamespace: 'gold' }] }),
];

function reading(grant: GrantText): { secrecy: Promise<Secrecy>; statements: () => number } {
  const all = vi.fn(() => Promise.resolve([...WORLD]));
  const clustersOf = vi.fn((namespaces: readonly string[]) =>
    Promise.resolve(new Set(namespaces.includes('uid-shop') ? ['uid-east'] : [])),
  );
  const tx = { resources: { all }, targets: { clustersOf } } as unknown as Pick<TenantTx, 'resources' | 'targets'>;
  const secrecy = secrecyIn(tx, { rights: rightsOf([grantOf(grant)], []) });
  return { secrecy, statements: () => all.mock.calls.length + clustersOf.mock.calls.length };
}

const found = (message: string, more: Partial<Issue> = {}): Issue => issue('ISM0261', { message, ...more });

describe('texts of issues', () => {
  const told = async (one: Issue): Promise<Issue> => (await reading('Viewer@PROJECT:payments').secrecy).told(one);

  it.each([
    ['a name', 'gold claims it already'],
    ['a name in quotes', 'it is claimed by "gold".'],
    ['a name with its project', 'vault/gold has it'],
    ['a host that ends in a domain', 'cart.ns.gold.example answers'],
    ['a domain', 'gold.example is taken'],
    ['a policy', 'TrafficPolicy fast says otherwise'],
    ['a cluster in which nothing of the reader runs', 'bunker has no gateway'],
    ['a name at the end of a sentence', 'the home is gold.'],
    ['a name between other signs', '(gold), [gold], gold:80'],
  ])('lose %s that is not the reader’s to know', async (_what, message) => {
    const { message: shown, code } = await told(found(message));
    expect(shown).toMatch(/, by something that is not yours to read$/);
    expect(shown).not.toMatch(/gold|vault|fast|bunker/);
    expect(code).toBe('ISM0261');
  });

  it.each([
    'shop claims it already',
    'cart.ns.shop.example answers',
    'east has no gateway',
    'goldfinch and golden are words',
  ])('stay where everything in them is the reader’s: %s', async (message) => {
    expect((await told(found(message))).message).toBe(message);
  });

  it('lose hints, paths, clusters, resources and manifests alike', async () => {
    const hidden: Partial<Issue> = {
      hint: 'ask the owners of gold',
      path: 'spec.members.gold',
      cluster: 'bunker',
      resource: { kind: 'GlobalNamespace', project: 'vault', name: 'gold' },
      manifest: { cluster: 'east', kind: 'Service', namespace: 'a', name: 'gold' } as Issue['manifest'],
    };
    const shown = await told(found('shop has a conflict', hidden));
    expect(JSON.stringify(shown)).not.toMatch(/gold|vault|bunker/);
    expect(shown).toMatchObject({ message: 'shop has a conflict', path: '' });
  });

  it('stay whole before those who read everything, without a statement', async () => {
    const { secrecy, statements } = reading('Owner');
    expect(await secrecy).toBe(NOTHING_HIDDEN);
    expect(statements()).toBe(0);
  });
});

describe('what is known', () => {
  it('is what may be read, and what could be if it were there', async () => {
    const { knows } = await reading('Viewer@PROJECT:payments').secrecy;
    expect(knows({ kind: 'GlobalNamespace', project: 'payments', name: 'shop' })).toBe(true);
    expect(knows({ kind: 'GlobalNamespace', project: 'payments', name: 'not-there' })).toBe(true);
    expect(knows({ kind: 'GlobalNamespace', project: 'vault', name: 'gold' })).toBe(false);
    expect(knows({ kind: 'GlobalNamespace', project: 'vault', name: 'not-there' })).toBe(false);
    expect(knows({ kind: 'Cluster', name: 'bunker' })).toBe(false);
    expect(knows({ kind: 'no kind', name: 'gold' })).toBe(false);
  });

  it('costs two statements, however many global namespaces there are', async () => {
    const { secrecy, statements } = reading('Viewer@PROJECT:payments');
    await secrecy;
    expect(statements()).toBe(2);
  });
});
