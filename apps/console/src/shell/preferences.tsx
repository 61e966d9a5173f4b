import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useEffect, useState, type ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { SignOut } from './sign-out.js';
import { showTheme, storedTheme, THEMES } from './theme.js';
import { useTimes, ZONES } from './times.js';

/** Colours, zone of times, and the way out. */
export function Preferences(): ReactNode {
  const { zone, choose } = useTimes();
  const [theme, setTheme] = useState(() => storedTheme(localStorage));
  useEffect(() => showTheme(theme, window), [theme]);
  return (
    <div className="isthmus-preferences">
      <FormSelect
        aria-label={messages.theme.label}
        value={theme}
        onChange={(_, value) => setTheme(THEMES.find((one) => one === value) ?? 'system')}
      >
        {THEMES.map((one) => (
          <FormSelectOption key={one} value={one} label={messages.theme[one]} />
        ))}
      </FormSelect>
      <FormSelect
        aria-label={messages.zone.label}
        value={zone}
        onChange={(_, value) => choose(ZONES.find((one) => one === value) ?? 'local')}
      >
        {ZONES.map((one) => (
          <FormSelectOption key={one} value={one} label={messages.zone[one]} />
        ))}
      </FormSelect>
      <SignOut />
    </div>
  );
}
