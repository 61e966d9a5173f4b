export const THEMES = ['system', 'light', 'dark'] as const;
/** Which colours are shown; `system` follows the browser. */
export type Theme = (typeof THEMES)[number];

const KEY = 'isthmus-theme';
const DARK = 'pf-v6-theme-dark';

/** What was chosen in this browser. */
export function storedTheme(store: Pick<Storage, 'getItem'>): Theme {
  const text = store.getItem(KEY);
  return THEMES.find((theme) => theme === text) ?? 'system';
}

/** Shows a theme now and from now on; the function returned stops following the system. */
export function showTheme(theme: Theme, window: Window): () => void {
  window.localStorage.setItem(KEY, theme);
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const show = (): void => {
    const isDark = theme === 'dark' || (theme === 'system' && system.matches);
    window.document.documentElement.classList.toggle(DARK, isDark);
  };
  show();
  system.addEventListener('change', show);
  return () => system.removeEventListener('change', show);
}
