import { isDnsLabel, isDnsName } from '@isthmus/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatewaySni, subsetName, versionHost, versionLabel, versionsOf } from './destinations.js';

const HOST = 'reviews.bookinfo.global';
const member = (versions: string[]) => ({
  kind: 'member' as const,
  host: HOST,
  cluster: 'east',
  namespace: 'bookinfo',
  service: 'reviews',
  state: 'served' as const,
  selector: [],
  ports: [],
  versions,
});
const word = fc.stringMatching(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);

describe('a destination of routes', () => {
  it('has a name that Istio takes, and no other destination has it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 2, maxLength: 2 }), ([one = '', other = '']) => {
        const names = [
          { version: one },
          { version: other },
          { cluster: one },
          { version: one, cluster: other },
          { version: other, cluster: one },
        ].map(subsetName);
        expect(names.every(isDnsLabel)).toBe(true);
        expect(new Set(names).size).toBe(names.length);
        expect(isDnsName(versionHost(HOST, one))).toBe(true);
      }),
    );
  });

  it('asks a gateway for the version, and for a cluster alone for the host itself', () => {
    expect(gatewaySni(HOST, { cluster: 'west' }, 80)).toBe(`outbound_.80_._.${HOST}`);
    expect(gatewaySni(HOST, { version: 'v1', cluster: 'west' }, 80)).toBe(`outbound_.80_._.${versionHost(HOST, 'v1')}`);
  });
});

describe('versions of a member', () => {
  it('leave out what is no value of a label', () => {
    expect(versionsOf(member(['', 'a b', 'v1']))).toEqual(['v1']);
  });

  it('are told by the label that the member names, else by version', () => {
    expect(versionLabel(undefined)).toBe('version');
    expect(versionLabel({ ...member(['1']), versionLabel: 'app.kubernetes.io/version' })).toBe(
      'app.kubernetes.io/version',
    );
  });
});
