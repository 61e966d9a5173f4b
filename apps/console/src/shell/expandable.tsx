import { ExpandableSection } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';

interface ExpandableProps {
  /** What is shown at any time. */
  title: ReactNode;
  className?: string;
  isIndented?: boolean;
  children: ReactNode;
}

/** A part that is made only once somebody opens it: what is closed takes no room, not even the width of its lines. */
export function Expandable({ title, className = '', isIndented = false, children }: ExpandableProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <ExpandableSection
      className={`isthmus-expandable ${className}`}
      toggleContent={title}
      isIndented={isIndented}
      isExpanded={isOpen}
      onToggle={(_, next) => setOpen(next)}
    >
      {isOpen ? children : null}
    </ExpandableSection>
  );
}
