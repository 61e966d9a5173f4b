import type { BrowserContext } from 'playwright-core';

export interface HomeFigures {
  /** Of scripts and styles, as they came over the network. */
  bytes: number;
  /** Milliseconds since the navigation began, until figures are on the screen. */
  shown: number;
  /** The same until the page then had nothing to do. */
  interactive: number;
}

const SHOWN = `new Promise((resolve) => {
  const look = (now) => {
    if (document.querySelector('.isthmus-figure') === null) return requestAnimationFrame(look);
    requestIdleCallback(() => resolve({ shown: now, interactive: performance.now() }));
  };
  requestAnimationFrame(look);
})`;

/** Opens Home in a context that has nothing kept. */
export async function homeOnce(context: BrowserContext, url: string): Promise<HomeFigures> {
  const page = await context.newPage();
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    if (!/\.(js|css)$/.test(new URL(request.url()).pathname)) return;
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await page.goto(`${url}/console/`, { waitUntil: 'commit' });
  const times = await page.evaluate<{ shown: number; interactive: number }>(SHOWN);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  await page.close();
  return { bytes, ...times };
}
