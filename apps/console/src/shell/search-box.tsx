import { SearchInput, Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';

interface SearchBoxProps {
  label: string;
  /** What is searched for now. */
  value: string | undefined;
  /** Called when the search is sent or cleared. */
  change: (value: string | undefined) => void;
}

/** Takes a text to search for; nothing is searched while it is being written. */
export function SearchBox({ label, value, change }: SearchBoxProps): ReactNode {
  const [text, setText] = useState(value ?? '');
  const [sent, setSent] = useState(value);
  // The address can change without this field: back, forward, a link.
  if (sent !== value) {
    setSent(value);
    setText(value ?? '');
  }
  return (
    <Toolbar>
      <ToolbarContent>
        <ToolbarItem>
          <SearchInput
            aria-label={label}
            placeholder={label}
            value={text}
            onChange={(_, written) => setText(written)}
            onSearch={(_, written) => change(written || undefined)}
            onClear={() => {
              setText('');
              change(undefined);
            }}
          />
        </ToolbarItem>
      </ToolbarContent>
    </Toolbar>
  );
}
