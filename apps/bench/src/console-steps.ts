import type { Page } from 'playwright-core';
import { interact, type Interaction } from './console-probe.js';
import { GNS } from './console-world.js';

/** Notes what one interaction took. */
export type Note = (name: string, interaction: Interaction) => void;

/** Where the console is, and how many rows its long lists have. */
export interface Site {
  url: string;
  rows: number;
}

const MIDDLE_ROW = `document.elementFromPoint(640, 500)?.closest('tr[aria-rowindex]')`;
const rowBeyond = (row: number): string => `Number(${MIDDLE_ROW}?.getAttribute('aria-rowindex') ?? 0) > ${String(row)}`;
const SCROLLING = `document.querySelector('#content')`;
const isTitled = (text: string): string =>
  `document.querySelector('h1')?.textContent.includes(${JSON.stringify(text)})`;

async function openList(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator('tr[aria-rowindex="2"]').waitFor();
  await page.mouse.move(640, 500);
}

/** Drags to a share of the whole list: a scroll bar has no keys, so its position is set as a drag would. */
const dragTo = (page: Page, share: number) => (): Promise<unknown> =>
  page.evaluate(
    `isthmusProbe.begin(), ${SCROLLING}.scrollTop = ${String(share)} * (${SCROLLING}.scrollHeight - ${SCROLLING}.clientHeight)`,
  );

/** A list of resources: scrolled, filtered, a row selected. */
export async function resourceSteps(page: Page, { url, rows }: Site, note: Note): Promise<void> {
  const list = `${url}/console/traffic-policies`;
  await openList(page, list);
  note('resources, a window further', await interact(page, () => page.mouse.wheel(0, 4400), rowBeyond(60)));
  note('resources, dragged to the middle', await interact(page, dragTo(page, 0.5), rowBeyond(rows * 0.4)));
  await openList(page, list);
  const search = page.getByRole('textbox', { name: 'Search traffic' });
  await search.pressSequentially('policy-0');
  note(
    'resources, a letter',
    await interact(page, () => page.keyboard.press('4'), `document.activeElement.value === 'policy-04'`),
  );
  const isFound = `document.querySelector('tr[aria-rowindex="2"]')?.textContent.includes('policy-04000')`;
  note('resources, filtered', await interact(page, () => page.keyboard.press('Enter'), isFound));
  const link = page.getByRole('link', { name: 'policy-04001', exact: true });
  note('resources, a row selected', await interact(page, link, isTitled('policy-04001')));
}

/** The audit log, of which nobody counts all rows: scrolled, a change opened, filtered. */
export async function auditSteps(page: Page, { url }: Site, note: Note): Promise<void> {
  await openList(page, `${url}/console/audit`);
  note('audit, a window further', await interact(page, () => page.mouse.wheel(0, 6000), rowBeyond(50)));
  note('audit, dragged to the end of what is known', await interact(page, dragTo(page, 1), rowBeyond(150)));
  await openList(page, `${url}/console/audit?actor=user:7`);
  const row = page.locator('tr[aria-rowindex="4"]');
  const isOpen = `document.querySelector('tr[aria-rowindex="4"] [aria-expanded="true"]')`;
  note('audit, a change opened', await interact(page, row.getByRole('button').first(), isOpen));
  const search = page.getByRole('textbox');
  await search.first().fill('user:8');
  const isFound = `document.querySelector('tr[aria-rowindex="2"]')?.textContent.includes('user:8')`;
  note('audit, filtered', await interact(page, () => page.keyboard.press('Enter'), isFound));
}

const DRAWN = `document.querySelectorAll('button[data-node]').length`;

/** A topology of many services: opened, a group selected and opened, a service selected, as a table, filtered. */
export async function topologySteps(page: Page, { url }: Site, note: Note): Promise<void> {
  await page.goto(`${url}/console/global-namespaces/${GNS}?project=default`);
  const way = page.locator('#content').getByRole('link', { name: 'Topology', exact: true });
  await way.waitFor();
  note('topology, opened', await interact(page, way, `${DRAWN} > 1`));
  const group = page.locator('button[data-node*="group/"]').first();
  const expand = page.getByRole('button', { name: 'Show its services' });
  const canOpen = `document.querySelector('.isthmus-topology-panel button.pf-m-primary')`;
  note('topology, a group selected', await interact(page, group, canOpen));
  note('topology, a group opened', await interact(page, expand, `${DRAWN} > 100`));
  const service = page.locator('button[data-node$="s0030"], button[data-node]:not([data-node*="group/"])').nth(20);
  const hasCalls = `document.querySelectorAll('.isthmus-topology-panel table').length > 1`;
  note('topology, a service selected', await interact(page, service, hasCalls));
  const table = page.getByRole('button', { name: 'Table' });
  const services = `document.querySelector('table[aria-label="Services"] tbody tr')`;
  note('topology, as a table', await interact(page, table, services));
  const inTable = page.locator('table[aria-label="Services"] tbody tr button').nth(5);
  note('topology, a row selected', await interact(page, inTable, hasCalls));
  const graph = page.getByRole('button', { name: 'Graph' });
  note('topology, back to the graph', await interact(page, graph, `${DRAWN} > 100`));
  await page.getByRole('textbox').first().fill('s01');
  const isFiltered = `document.querySelector('[role=status]')?.ownerDocument.body.textContent.includes('100 of ')`;
  note('topology, filtered', await interact(page, () => page.keyboard.press('Enter'), isFiltered));
}
