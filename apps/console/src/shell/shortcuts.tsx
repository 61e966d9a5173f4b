import { Modal, ModalBody, ModalHeader, Switch } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { Facts } from '../status/facts.js';
import { hasSingleKeys, setSingleKeys } from './single-keys.js';

const texts = messages.shortcuts;

/** What keys do, and whether single ones do anything. */
export function Shortcuts({ close }: { close: () => void }): ReactNode {
  const [isOn, setOn] = useState(() => hasSingleKeys(localStorage));
  const choose = (on: boolean): void => {
    setSingleKeys(localStorage, on);
    setOn(on);
  };
  return (
    <Modal isOpen variant="small" onClose={close} aria-labelledby="shortcuts-title">
      <ModalHeader title={texts.title} labelId="shortcuts-title" />
      <ModalBody>
        <Facts facts={texts.keys.map(([keys, does]) => [keys, does])} />
        <Switch id="single-keys" label={texts.single} isChecked={isOn} onChange={(_, on) => choose(on)} />
      </ModalBody>
    </Modal>
  );
}
