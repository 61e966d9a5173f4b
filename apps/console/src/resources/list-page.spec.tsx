// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { json, scrolled, showConsole, type Answers } from '../testing/console.fixture.js';

const TOTAL = 230;
const project = (index: number): object => ({
  ...{ __typename: 'Project', id: `p${String(index)}`, kind: 'Project', name: `project-${String(index)}` },
  ...{ projectName: null, generation: 1, updatedAt: '2026-01-01T00:00:00Z' },
});
const answers: Answers = {
  Resources: ({ after, offset, first }) => {
    const from = Number(after ?? 0) + Number(offset ?? 0);
    const end = Math.min(TOTAL, from + Number(first));
    const nodes = Array.from({ length: end - from }, (_, index) => project(from + index));
    return { resources: { totalCount: TOTAL, pageInfo: { hasNextPage: end < TOTAL, endCursor: String(end) }, nodes } };
  },
};
const rows = (): HTMLElement[] =>
  within(screen.getByRole('grid', { name: 'Projects' }))
    .getAllByRole('row')
    .slice(1);
const places = (): HTMLTableSectionElement[] => [...document.querySelectorAll('tbody')];
const near = (index: number, isNear: boolean): void => {
  const place = places()[index];
  if (place !== undefined) scrolled(place, isNear);
};

it('says that there is nothing, and why nothing could be read', async () => {
  const none = { resources: { totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] } };
  const { asked } = showConsole('/projects', { Resources: none });
  await screen.findByText('There is no project yet');
  expect(asked.filter(({ operation }) => operation === 'Resources')).toHaveLength(1);
});

const nothing = { totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };
const holdingAt = (...placesToCreate: { kind: string; name: string }[]): Answers => ({
  Resources: { viewer: { __typename: 'Viewer', placesToCreate }, resources: nothing },
});
const EVERYWHERE = { kind: 'ORGANIZATION', name: '' };
const SHOP = { kind: 'PROJECT', name: 'shop' };

it('says which right making one takes to whom lacks it, and offers nothing', async () => {
  showConsole('/traffic-policies', holdingAt());
  await screen.findByText(/takes the right TrafficPolicy.write/);
  screen.getByRole('link', { name: 'What you may do' });
  expect(screen.queryByRole('link', { name: 'Create traffic policy' })).toBeNull();
});

it('offers to make the first one to whom may', async () => {
  showConsole('/traffic-policies', holdingAt(EVERYWHERE));
  expect(await screen.findAllByRole('link', { name: 'Create traffic policy' })).toHaveLength(2);
});

it('offers nothing to be made in a project where it may not be, and leads into the project where it may', async () => {
  showConsole('/traffic-policies?project=search', holdingAt(SHOP));
  await screen.findByText('There is no traffic policy in the project search');
  expect(screen.queryByRole('link', { name: 'Create traffic policy' })).toBeNull();
  cleanup();
  showConsole('/traffic-policies?project=shop', holdingAt(SHOP));
  const [way] = await screen.findAllByRole('link', { name: 'Create traffic policy' });
  expect(way?.getAttribute('href')).toBe('/console/edit/traffic-policies?project=shop');
});

it('says that a filter matches nothing, and clears all of it', async () => {
  const { user, address } = showConsole('/traffic-policies?project=shop', holdingAt(EVERYWHERE));
  await screen.findByText('There is no traffic policy in the project shop');
  await user.click(screen.getByRole('button', { name: 'Clear the search' }));
  await expect.poll(address).toBe('/console/traffic-policies');
});

it('says that one may not see it as something else than a fault, without a way to try again', async () => {
  const extensions = { code: 'FORBIDDEN' };
  const errors = [{ message: 'You lack the permission resources.read', extensions }];
  showConsole('/projects', { Resources: json({ errors }) });
  await screen.findByRole('heading', { name: 'You may not see this' });
  screen.getByRole('link', { name: 'What you may do' });
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
});

it('tells what went wrong instead of an empty list', async () => {
  const extensions = { code: 'INTERNAL', requestId: 'r-18' };
  showConsole('/projects', { Resources: json({ errors: [{ message: 'the database is away', extensions }] }) });
  await screen.findByText('the database is away');
});

it('asks for one window, says how many rows there are, and where each stands', async () => {
  const { asked } = showConsole('/projects', answers);
  await screen.findByText('project-99');
  expect(asked.map(({ variables }) => [variables['first'], variables['after']])).toEqual([[100, null]]);
  expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('231');
  expect([rows()[0]?.getAttribute('aria-rowindex'), rows().at(-1)?.getAttribute('aria-rowindex')]).toEqual([
    '2',
    '101',
  ]);
  screen.getByText('230 items');
});

it('asks for the next window when it comes near, draws none that is far, and asks anew for one that comes back', async () => {
  const { asked } = showConsole('/projects', answers);
  await screen.findByText('project-99');
  near(1, true);
  await screen.findByText('project-199');
  expect(rows().at(-1)?.getAttribute('aria-rowindex')).toBe('201');
  near(0, false);
  expect([rows().length, screen.queryByText('project-0')]).toEqual([100, null]);
  near(0, true);
  await screen.findByText('project-0');
  expect(asked.map(({ variables }) => variables['after'])).toEqual([null, '100', null]);
});

it('asks once for the end when somebody drags there, whatever lies between, and goes on from what is known', async () => {
  const { asked } = showConsole('/projects', answers);
  const placesAsked = () => asked.map(({ variables }) => [variables['after'], variables['offset']]);
  await screen.findByText('project-99');
  near(2, true);
  await screen.findByText('project-229');
  expect(placesAsked()).toEqual([
    [null, 0],
    ['100', 100],
  ]);
  expect(screen.queryByText('project-150')).toBeNull();
  expect(rows().at(-1)?.getAttribute('aria-rowindex')).toBe('231');
  near(1, true);
  await screen.findByText('project-150');
  await expect.poll(placesAsked).toEqual([
    [null, 0],
    ['100', 100],
    ['100', 0],
    ['200', 0],
  ]);
  expect([rows().length, rows().at(-1)?.textContent]).toEqual([230, expect.stringContaining('project-229')]);
});

it('asks for nothing that somebody only passes', async () => {
  const { asked } = showConsole('/projects', answers);
  await screen.findByText('project-99');
  near(2, true);
  near(2, false);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(asked).toHaveLength(1);
});

it('says in words that no answer came, whatever a browser calls that', async () => {
  showConsole('/projects', {
    Resources: () => {
      throw new TypeError('Failed to fetch');
    },
  });
  await screen.findByText('The server does not answer.');
  screen.getByRole('button', { name: 'Try again' });
});
