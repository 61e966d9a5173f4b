import type { Browser, BrowserContext, Page } from 'playwright-core';
import { probeChromium, real } from '@isthmus/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventually, Product } from '../product/product.fixture.js';
import { accessibilityFaults, openBrowser, sideways } from './browser.fixture.js';

const inBrowser = await real('chromium', probeChromium);

const policy = (name: string, attempts: number, timeout = '2s'): string => `apiVersion: isthmus.dev/v1alpha1
kind: TrafficPolicy
metadata:
  name: ${name}
  project: default
spec:
  targets:
    - globalNamespace: bookinfo
  retry:
    attempts: ${attempts}
    perTryTimeout: ${timeout}
`;

const SCREENS = (['light', 'dark'] as const).flatMap((colours) => [1440, 320].map((width) => ({ colours, width })));
const KEPT = 'This is what you were writing here before.';

inBrowser('work in the web console that is interrupted', () => {
  let product: Product;
  let browser: Browser | undefined;
  let context: BrowserContext;
  let page: Page;

  const at = (path: string): string => `http://127.0.0.1:${product.ports.api}/console${path}`;
  const enter = async (tab: Page): Promise<void> => {
    await tab.goto(await product.signInLink());
    await tab.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
  };
  const endSessions = async (): Promise<void> => {
    const { sessions } = await product.graphql<{ sessions: { id: string }[] }>('{ sessions(all: true) { id } }');
    const end = 'mutation End($id: ID!) { endSession(sessionId: $id) { error { message } } }';
    for (const { id } of sessions) await product.graphql(end, { id });
    await page.getByText('Your session has ended').waitFor();
  };
  /** Signs in again in another tab, as by a provider, and comes back to this one. */
  const comeBack = async (): Promise<void> => {
    const other = await context.newPage();
    await enter(other);
    await other.close();
    await page.evaluate("dispatchEvent(new Event('focus'))");
  };
  /** What is wrong with what is shown, in both colours, on wide and narrow screens. */
  const looks = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const { colours, width } of SCREENS) {
      await page.emulateMedia({ colorScheme: colours });
      await page.setViewportSize({ width, height: 800 });
      // Colours fade from one to the other.
      await expect.poll(() => page.evaluate('document.getAnimations().length')).toBe(0);
      const faults = [...(await accessibilityFaults(page)), ...(await sideways(page))];
      found.push(...faults.map((fault) => `${colours} ${String(width)}: ${fault}`));
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    return found;
  };
  const document = () => page.getByLabel('Document (YAML)');
  const preview = () => page.getByRole('button', { name: 'Show what changes' }).click();
  const apply = () => page.getByRole('button', { name: 'Apply' });
  const failure = () =>
    page.getByRole('region', { name: 'Show what changes' }).getByText('The server does not answer.');

  beforeAll(async () => {
    product = await Product.create();
    await product.start();
    await eventually('the demo', async () => ((await product.rendered('east')).length > 1000 ? true : undefined));
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await product.remove();
  });
  beforeEach(async () => {
    if (browser === undefined) throw new Error('no browser was started');
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    page = await context.newPage();
    await enter(page);
  });
  afterEach(() => context.close());

  it('shows a form again as it was filled in when the session ended, a dialog with what was written in it, too', async () => {
    await page.goto(at('/edit/traffic-policies'));
    const form = page.getByRole('form', { name: 'Fields' });
    await form.getByRole('textbox', { name: 'Name' }).fill('half-written');
    await form.getByRole('button', { name: 'Add retry' }).click();
    await form.getByRole('textbox', { name: 'Attempts' }).fill('3');
    await endSessions();
    expect(await looks()).toEqual([]);
    await comeBack();
    await page.getByText(KEPT).waitFor();
    expect(await form.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('half-written');
    expect(await form.getByRole('textbox', { name: 'Attempts' }).inputValue()).toBe('3');
    await page.goto(at('/roles'));
    await page.getByRole('button', { name: 'Grant a role' }).click();
    await page.getByLabel('To whom').selectOption('group');
    const whom = page.getByRole('combobox', { name: 'Group as provider:group' });
    await whom.fill('corp:half-typed');
    await endSessions();
    await comeBack();
    await page.getByRole('dialog').getByText(KEPT).waitFor();
    expect([await whom.inputValue(), ...(await looks())]).toEqual(['corp:half-typed']);
  });

  it('is told at once in every tab that somebody signed out in one, keeps what is written in the others, and forgets its own', async () => {
    await page.goto(at('/edit/traffic-policies?view=yaml'));
    await document().fill(policy('in-two-tabs', 1));
    const other = await context.newPage();
    await other.goto(at('/edit/service-groups?view=yaml'));
    const area = other.getByLabel('Document (YAML)');
    const empty = await area.inputValue();
    await area.fill('written here');
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByRole('heading', { name: 'Signed out' }).waitFor();
    await page.getByText('Your session has ended').waitFor();
    await enter(other);
    await other.goto(at('/edit/service-groups?view=yaml'));
    await expect.poll(() => area.inputValue()).toBe(empty);
    await page.evaluate("dispatchEvent(new Event('focus'))");
    await page.getByText(KEPT).waitFor();
    expect(await document().inputValue()).toBe(policy('in-two-tabs', 1));
  });

  it('waits for a page that was opened while the network was lost, and shows it when that is back', async () => {
    await page.goto(at('/edit/traffic-policies'));
    await document().waitFor();
    let loads = 0;
    page.on('load', () => (loads += 1));
    await context.setOffline(true);
    await page.getByRole('link', { name: 'Decisions', exact: true }).click();
    await page.getByText('The connection is lost').waitFor();
    await page.locator('main').getByRole('status', { name: 'Loading' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await context.setOffline(false);
    await page.getByRole('heading', { level: 1, name: 'Decisions' }).waitFor();
    const styles = '[...document.querySelectorAll("link[rel=stylesheet]")].every((link) => link.sheet !== null)';
    expect([loads, await page.evaluate(styles)]).toEqual([0, true]);
  });

  it('says where one looks that the network was lost while something was saved, and saves it when that is back', async () => {
    await page.goto(at('/edit/traffic-policies'));
    await document().fill(policy('offline', 2));
    await preview();
    await page.getByText('TrafficPolicy offline: created').waitFor();
    await context.setOffline(true);
    await page.getByText('The connection is lost').waitFor();
    await apply().click();
    await failure().waitFor();
    const isSeen = async (): Promise<boolean> => {
      const box = await failure().boundingBox();
      return box !== null && box.y >= 0 && box.y + box.height <= 900;
    };
    await expect.poll(isSeen).toBe(true);
    expect(await looks()).toEqual([]);
    await context.setOffline(false);
    await page.getByText('The connection is lost').waitFor({ state: 'detached' });
    expect([await document().inputValue(), await page.getByText(KEPT).count()]).toEqual([policy('offline', 2), 0]);
    await apply().click();
    await page.getByRole('heading', { level: 1, name: 'offline' }).waitFor();
  });

  it('applies once what was applied when the answer was lost, and goes on as if it had come', async () => {
    await page.goto(at('/edit/traffic-policies?view=yaml'));
    await document().fill(policy('answered-twice', 2));
    await preview();
    await page.getByText('TrafficPolicy answered-twice: created').waitFor();
    await page.route('**/graphql', async (route) => {
      if (!(route.request().postData() ?? '').includes('"dryRun":false')) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await apply().click();
    await failure().waitFor();
    await page.unroute('**/graphql');
    await apply().click();
    await page.getByRole('heading', { level: 1, name: 'answered-twice' }).waitFor();
    const { resource } = await product.graphql<{ resource: { generation: number } }>(
      '{ resource(kind: TrafficPolicy, name: "answered-twice") { generation } }',
    );
    expect(resource.generation).toBe(1);
  });

  it('shows a merge that reads well on every screen, and keeps what was chosen of it over the end of a session', async () => {
    await product.apply(policy('merged', 7));
    await page.goto(at('/edit/traffic-policies?name=merged&project=default&view=yaml'));
    await expect.poll(() => document().inputValue()).toContain('attempts: 7');
    const mine = (await document().inputValue()).replace('attempts: 7', 'attempts: 8');
    await product.apply(policy('merged', 9, '3s'));
    await document().fill(mine);
    await preview();
    const merge = page.getByRole('region', { name: 'Somebody else changed it in the meantime' });
    await merge.getByText('1 place changed by both').waitFor();
    expect(await looks()).toEqual([]);
    await merge.getByRole('radio', { name: 'Mine', exact: true }).check();
    await merge.getByText('All places that both changed are chosen').waitFor();
    const merged = await merge.getByLabel('Merged document').inputValue();
    await merge.getByLabel('Merged document').fill(`${merged}# by hand\n`);
    expect(await looks()).toEqual([]);
    await endSessions();
    await comeBack();
    await page.getByText(KEPT).waitFor();
    await preview();
    await expect.poll(() => merge.getByLabel('Merged document').inputValue()).toBe(`${merged}# by hand\n`);
  });
});
