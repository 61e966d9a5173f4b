import type { Locator, Page } from 'playwright-core';

/** What an interaction took, in milliseconds. */
export interface Interaction {
  /** From the input to the next frame that the browser presents: its own Event Timing, without network, to 8 ms; 16 where it tells of nothing. */
  paint: number;
  /** The longest that no frame could begin, from the input until what was asked for is shown: so long another input would wait. */
  stall: number;
  /** From the input until what was asked for is shown, with API and loopback. */
  shown: number;
}

/** Event Timing tells of nothing shorter. */
const LEAST_MS = 16;
const GIVE_UP_MS = 30_000;

/** Runs in the page before anything of it. `until` takes up frames until something is shown, after the input that came since `start`. */
export const PROBE = `(() => {
  const state = { events: [], begun: undefined };
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries()) if (interactionId > 0) state.events.push(duration);
  }).observe({ type: 'event', durationThreshold: ${LEAST_MS} });
  const note = (event) => { state.begun ??= event.timeStamp; };
  for (const type of ['pointerdown', 'keydown', 'wheel']) addEventListener(type, note, { capture: true, passive: true });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  globalThis.isthmusProbe = {
    start: async () => {
      await new Promise((resolve) => requestIdleCallback(resolve));
      Object.assign(state, { events: [], begun: undefined });
    },
    begin: () => { state.begun = performance.now(); },
    until: async (isShown) => {
      const end = performance.now() + ${GIVE_UP_MS};
      let [last, stall] = [performance.now(), 0];
      while (state.begun === undefined || !isShown()) {
        if (performance.now() > end) throw new Error('it is not shown');
        const now = await frame();
        if (state.begun !== undefined) stall = Math.max(stall, now - Math.max(last, state.begun));
        last = now;
      }
      const now = await frame();
      const [shown, longest] = [now - state.begun, Math.max(stall, now - Math.max(last, state.begun))];
      await new Promise((resolve) => setTimeout(resolve, 150));
      return { paint: Math.max(${LEAST_MS}, ...state.events), stall: longest, shown };
    },
  };
})()`;

/** What is clicked, or what else is done by mouse or keyboard. */
export type Input = Locator | (() => Promise<unknown>);

/** Where to click is found out before: looking for it would be measured. */
async function actOf(page: Page, input: Input): Promise<() => Promise<unknown>> {
  if (typeof input === 'function') return input;
  await input.scrollIntoViewIfNeeded();
  const box = await input.boundingBox();
  if (box === null) throw new Error('what is to be clicked is not shown');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  return () => page.mouse.click(x, y);
}

/** Does something on a page that has nothing to do, and measures until a condition (an expression of the page) holds. */
export async function interact(page: Page, input: Input, condition: string): Promise<Interaction> {
  const act = await actOf(page, input);
  await page.evaluate('isthmusProbe.start()');
  const measured = page.evaluate<Interaction>(`isthmusProbe.until(() => Boolean(${condition}))`);
  const [result] = await Promise.all([
    measured.catch((error: unknown) => {
      throw new Error(`never true: ${condition}`, { cause: error });
    }),
    act(),
  ]);
  return result;
}
