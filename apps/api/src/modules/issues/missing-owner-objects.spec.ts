import { issue, type IssueCode } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { missingObjects, missingOwnerIssues } from './missing-owner-objects.js';

const ENTRY = 'networking.istio.io/v1/ServiceEntry/istio-system/reviews-bookinfo-global-owner';
const GATEWAY = 'networking.istio.io/v1/Gateway/istio-system/bookinfo-global';
const PEER = 'security.istio.io/v1/PeerAuthentication/bookinfo/reviews-bookinfo-global';
const said = (code: IssueCode, message: string, path = '') => issue(code, { message, path });
const member = (host: string, cluster = 'east', state: 'served' | 'wanted' | 'draining' = 'served') => ({
  ...{ host: `${host}.bookinfo.global`, cluster, state },
});
const members = [member('reviews'), member('details'), member('ratings', 'west'), member('cart', 'east', 'wanted')];
const gns = { kind: 'GlobalNamespace', name: 'bookinfo', project: 'default' };
const told = (key: string) =>
  missingOwnerIssues({ cluster: 'east', gns, members, missing: missingObjects([said('ISM0431', `${key}: no`)]) }).map(
    ({ code, message, cluster, resource }) => ({ code, message, cluster, name: resource?.name }),
  );

describe('objects that an agent says are not in place', () => {
  it.each([
    [said('ISM0433', `${ENTRY} was changed and is put back`, ENTRY)],
    [said('ISM0430', `${ENTRY} is not removed: it is foreign`)],
    [said('ISM0431', 'no space left on device')],
    [said('ISM0431', 'networking.istio.io/v1/VirtualService/bookinfo/reviews-bookinfo-global: refused')],
  ])('are none of the owner: %j', (one) => {
    expect(missingObjects([one])).toEqual([]);
  });

  it('are named once, by the message or by the path', () => {
    const key = { kind: 'ServiceEntry', namespace: 'istio-system', name: 'reviews-bookinfo-global-owner' };
    expect(missingObjects([said('ISM0431', `${ENTRY}: refused: by a webhook`)])).toEqual([key]);
    expect(missingObjects([said('ISM0432', 'x', ENTRY), said('ISM0430', `${ENTRY}: foreign`)])).toEqual([key]);
  });

  it('concern the host that they are named after, if clients are given it', () => {
    expect(told(ENTRY)).toEqual([
      {
        code: 'ISM0820',
        message:
          'clients of other clusters are given reviews.bookinfo.global of east, where ServiceEntry istio-system/reviews-bookinfo-global-owner is not in place',
        cluster: 'east',
        name: 'bookinfo',
      },
    ]);
    expect(told(PEER)).toHaveLength(1);
    expect(told(ENTRY.replace('reviews', 'ratings'))).toEqual([]);
    expect(told(ENTRY.replace('reviews', 'cart'))).toEqual([]);
  });

  it('concern every host that is given, if it is the gateway', () => {
    expect(told(GATEWAY)).toMatchObject([
      { message: expect.stringContaining('details.bookinfo.global, reviews.bookinfo.global') },
    ]);
  });
});
