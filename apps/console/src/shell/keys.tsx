import { Button } from '@patternfly/react-core';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { part } from './later.js';
import { hasSingleKeys } from './single-keys.js';

const Palette = lazy(() => part(() => import('./palette.js'), 'Palette'));
const Shortcuts = lazy(() => part(() => import('./shortcuts.js'), 'Shortcuts'));

type Sheet = 'palette' | 'shortcuts';

/** True where a key is a letter of what is being written. */
function isWriting({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function sheetOf(event: KeyboardEvent): Sheet | undefined {
  const { key, ctrlKey, metaKey, altKey } = event;
  if (altKey) return undefined;
  if (ctrlKey || metaKey) return key.toLowerCase() === 'k' ? 'palette' : undefined;
  return key === '?' && !isWriting(event) && hasSingleKeys(localStorage) ? 'shortcuts' : undefined;
}

/** Opens the palette and the sheet of shortcuts, by keys and by buttons. */
export function Keys(): ReactNode {
  const [open, setOpen] = useState<Sheet | undefined>(undefined);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const sheet = sheetOf(event);
      if (sheet === undefined) return;
      event.preventDefault();
      setOpen(sheet);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  const close = (): void => setOpen(undefined);
  return (
    <>
      <Button variant="plain" onClick={() => setOpen('palette')} aria-keyshortcuts="Control+K">
        {messages.palette.open}
      </Button>
      <Button variant="plain" onClick={() => setOpen('shortcuts')}>
        {messages.shortcuts.open}
      </Button>
      <Suspense>
        {open === 'palette' ? <Palette close={close} /> : null}
        {open === 'shortcuts' ? <Shortcuts close={close} /> : null}
      </Suspense>
    </>
  );
}
