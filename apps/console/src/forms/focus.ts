const WRITABLE = 'input, select, textarea, button';

/** Goes to the first of these elements that is there once the page shows what was changed, or to the first input in it. */
export function focusAt(...ids: readonly string[]): void {
  requestAnimationFrame(() => {
    const found = ids.map((id) => document.getElementById(id)).find((one) => one !== null);
    const input = found?.matches(WRITABLE) === true ? found : found?.querySelector<HTMLElement>(WRITABLE);
    input?.focus();
  });
}
