// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole } from '../testing/console.fixture.js';

it('says that there is no such chapter, and no such issue', async () => {
  showConsole('/help/no-such-chapter', {});
  await screen.findByRole('heading', { level: 1, name: 'There is no such chapter' });
});

it('says that no issue has a number', async () => {
  showConsole('/help/issues/ISM9999', {});
  await screen.findByRole('heading', { name: 'There is no issue ISM9999' });
});

it('explains an issue by its number', async () => {
  showConsole('/help/issues/ISM0434', {});
  await screen.findByRole('heading', { level: 1, name: /^ISM0434: / });
  screen.getByText('Cause');
  screen.getByText('Fix');
});

it('shows a chapter with its parts, and leads from one to another', async () => {
  const { user, address, asked } = showConsole('/help/policies/egress-policy', {});
  await screen.findByRole('heading', { level: 1, name: 'EgressPolicy' });
  await user.click(await screen.findByRole('link', { name: 'DataGroups' }));
  await screen.findByRole('heading', { level: 1, name: 'DataGroup' });
  expect(address()).toBe('/console/help/policies/data-group');
  expect(asked).toEqual([]);
});

it('keeps what is no part of it as text', async () => {
  showConsole('/help/security', {});
  await screen.findByRole('heading', { level: 2, name: 'Trust boundaries' });
  expect(screen.queryByRole('link', { name: 'SECURITY.md' })).toBeNull();
});

it('lists chapters, and finds where something is written', async () => {
  const { user, address } = showConsole('/help', {});
  const chapters = await screen.findByRole('navigation', { name: 'Chapters' });
  within(chapters).getByRole('link', { name: 'Sign-in' });
  await user.type(screen.getByLabelText('Search the documentation'), 'burn rate{Enter}');
  const found = await screen.findByRole('list', { name: 'Found' });
  expect(within(found).getAllByRole('link').length).toBeGreaterThan(0);
  expect(address()).toContain('search=burn');
});

it('says where nothing is written, with a way back', async () => {
  const { user } = showConsole('/help?search=xyzzyplugh', {});
  await user.click(await screen.findByRole('button', { name: 'Clear the search' }, { timeout: 20_000 }));
  await screen.findByRole('navigation', { name: 'Chapters' });
});

it('is one step from the page that it explains', async () => {
  const { user, address } = showConsole('/edit/traffic-policies', {});
  await screen.findByLabelText('Document (YAML)');
  await user.click(await screen.findByRole('link', { name: 'Help: TrafficPolicy' }));
  await screen.findByRole('heading', { level: 1, name: 'TrafficPolicy' });
  expect(address()).toBe('/console/help/policies/traffic-policy');
});
