import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromiumFile } from '@isthmus/testing';
import { chromium, type Browser, type Page } from 'playwright-core';

/** A browser of the system, without a window. The pages that it opens are our own, so that root may go without its sandbox. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumFile() ?? '', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  violations: { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }[];
}

/** What axe finds against WCAG 2.2 AA on a page as it is shown now: one line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: (options: unknown) => Promise<AxeResult> } };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    return axe.run({ runOnly: { type: 'tag', values: tags } });
  });
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${impact}) ${target.join(' ')}: ${failureSummary}`),
  );
}

/** What makes a page, or the part of it that scrolls, wider than the screen (WCAG 1.4.10): one line each. */
export function sideways(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`['html', '.pf-v6-c-page__main'].flatMap((selector) => {
    const element = document.querySelector(selector);
    if (element === null || element.scrollWidth <= element.clientWidth) return [];
    return [selector + ' is ' + element.scrollWidth + ' pixels wide in ' + element.clientWidth];
  })`);
}
