// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole } from '../testing/console.fixture.js';

const PATH = '/service?gns=bookinfo&project=default&host=reviews.bookinfo.global';
const policy = (name: string) => ({ kind: 'TrafficPolicy', project: 'default', name });
const service = {
  id: 's',
  name: 'reviews',
  host: 'reviews.bookinfo.global',
  vip: '240.0.0.1',
  servedMembers: 1,
  ports: [{ name: 'http', number: 9080, protocol: 'HTTP' }],
  members: { totalCount: 1, nodes: [{ clusterName: 'east', namespace: 'bookinfo', service: 'reviews' }] },
};
const effectivePolicies = {
  encryption: null,
  published: [],
  features: [
    {
      feature: 'timeout',
      ports: [],
      holds: [{ scope: 'SERVICE', enforced: false, fields: { requestMs: 7000 }, policy: policy('narrow') }],
      lost: [
        { scope: 'GLOBAL_NAMESPACE', reason: 'NARROWER_SCOPE', policy: policy('wide'), against: policy('narrow') },
      ],
    },
  ],
};
const answer = (found: object | null) => ({ globalNamespace: { id: 'g', service: found } });

it('says that there is no such service', async () => {
  showConsole(PATH, { Service: answer(null) });
  await screen.findByText('There is no service reviews.bookinfo.global');
});

it('claims no policy before anything was compiled', async () => {
  showConsole(PATH, { Service: answer({ ...service, effectivePolicies: null }) });
  await screen.findByText('Nothing was compiled yet.');
});

it('names the policy that everything comes from, what lost against it, and why', async () => {
  const { asked } = showConsole(PATH, { Service: answer({ ...service, effectivePolicies }) });
  const [holding] = await screen.findAllByRole('link', { name: 'narrow' });
  expect(holding?.getAttribute('href')).toContain('/traffic-policies/narrow?project=default');
  expect(screen.getByRole('region', { name: 'timeout narrow' }).textContent).toContain('"requestMs": 7000');
  screen.getByText(/a narrower one says it/);
  screen.getByText('no policy says anything: as the mesh has it');
  expect(asked).toHaveLength(1);
});
