import { Content, Modal, ModalBody, ModalHeader, TextInput } from '@patternfly/react-core';
import { useNavigate } from '@tanstack/react-router';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import type { Command } from './commands.js';
import { useFound } from './use-found.js';

const texts = messages.palette;
/** Goes to a page or a resource by a few letters of its name. */
export function Palette({ close }: { close: () => void }): ReactNode {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const found = useFound(text.trim());
  const here = Math.min(at, found.length - 1);
  const go = ({ to, search, hash }: Command): void => {
    close();
    void navigate({ to, search, ...(hash === undefined ? {} : { hash }) });
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    const chosen = event.key === 'Enter' ? found[here] : undefined;
    if (step === 0 && chosen === undefined) return;
    event.preventDefault();
    if (chosen) return go(chosen);
    setAt((here + step + found.length) % Math.max(found.length, 1));
  };
  return (
    <Modal isOpen variant="small" position="top" onClose={close} aria-labelledby="palette-title">
      <ModalHeader title={texts.title} labelId="palette-title" />
      <ModalBody>
        <TextInput
          autoFocus
          autoComplete="off"
          aria-label={texts.label}
          role="combobox"
          aria-expanded={found.length > 0}
          aria-controls="palette-found"
          aria-activedescendant={found.length > 0 ? `palette-${here}` : undefined}
          value={text}
          onKeyDown={press}
          onChange={(_, value) => {
            setText(value);
            setAt(0);
          }}
        />
        {found.length === 0 ? <Content component="p">{texts.none}</Content> : null}
        <ul id="palette-found" role="listbox" aria-label={texts.found} className="isthmus-plain">
          {found.map((command, index) => (
            <li
              key={`${command.to} ${JSON.stringify(command.search)} ${command.hash ?? ''}`}
              id={`palette-${index}`}
              role="option"
              aria-selected={index === here}
              className="isthmus-found"
              onClick={() => go(command)}
            >
              {command.title}
            </li>
          ))}
        </ul>
      </ModalBody>
    </Modal>
  );
}
