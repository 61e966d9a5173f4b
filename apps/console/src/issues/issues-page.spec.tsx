// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { scrolled, showConsole, type Answers } from '../testing/console.fixture.js';

const TOTAL = 130;
const issue = (at: number, severity: string): object => ({
  ...{
    __typename: 'Issue',
    code: 'ISM0434',
    severity,
    title: 'Deletions are held',
    message: `reason ${String(at)}`,
    path: 'spec.members',
  },
  ...{ cause: 'Much is gone', fix: 'Look at them', hint: null, cluster: 'east' },
});
const answers: Answers = {
  Issues: ({ after, first, severities }) => {
    const all = Array.isArray(severities) ? 1 : TOTAL;
    const [from, end] = [Number(after ?? 0), Math.min(all, Number(after ?? 0) + Number(first))];
    const nodes = Array.from({ length: end - from }, (_, at) => issue(from + at, all === 1 ? 'ERROR' : 'WARNING'));
    return { issues: { totalCount: all, pageInfo: { hasNextPage: end < all, endCursor: String(end) }, nodes } };
  },
};

it('says that nothing is reported', async () => {
  const none = { totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };
  showConsole('/issues', { Issues: { issues: none } });
  await screen.findByText('Nothing is reported.');
});

it('shows where each is, with cause and fix, and reads further ones when they come near', async () => {
  const { asked } = showConsole('/issues', answers);
  const first = (await screen.findByText('reason 0')).closest('tr');
  expect(first?.textContent).toMatch(
    /warning.*ISM0434: Deletions are held.*east: spec\.members.*Much is gone.*Look at/,
  );
  screen.getByText('130 items');
  const place = document.querySelectorAll('tbody')[1];
  if (place !== undefined) scrolled(place, true);
  const last = await screen.findByText('reason 129');
  expect(last.closest('tr')?.getAttribute('aria-rowindex')).toBe('131');
  expect(asked.map(({ variables }) => [variables['first'], variables['after']])).toEqual([
    [100, null],
    [100, '100'],
  ]);
});

it('lets the server choose by severity, which stands in the address', async () => {
  const { user, asked, address } = showConsole('/issues', answers);
  await user.selectOptions(await screen.findByLabelText('Severity'), 'error');
  await screen.findByText('1 item');
  expect(address()).toContain('severity=ERROR');
  expect(asked.at(-1)?.variables).toEqual({ first: 100, after: null, offset: 0, severities: ['ERROR'] });
});
