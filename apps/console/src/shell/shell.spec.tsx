// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { showConsole } from '../testing/console.fixture.js';

const loading = vi.hoisted(() => {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { ended, end };
});

vi.mock(import('../help/help-page.js'), async (original) => {
  await loading.ended;
  return original();
});

it('keeps the page as it is while the next one is loaded, says so after a while, and then lets the new page be heard', async () => {
  const { user, asked } = showConsole('/people', { People: { accounts: [] }, Issues: { issues: { nodes: [] } } });
  const title = await screen.findByRole('heading', { level: 1 });
  await user.click(screen.getByRole('link', { name: 'All chapters', hidden: true }));
  expect(title.isConnected).toBe(true);
  expect(document.activeElement?.id).not.toBe('content');
  expect(asked.map(({ operation }) => operation)).toEqual(['People']);
  await screen.findByRole('status', { name: 'Loading' }, { timeout: 20_000 });
  expect(title.isConnected).toBe(false);
  loading.end();
  await screen.findByRole('heading', { level: 1, name: 'Help' });
  expect(document.activeElement?.id).toBe('content');
  expect(asked.map(({ operation }) => operation)).toEqual(['People']);
});
