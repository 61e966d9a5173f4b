import { Label, LabelGroup } from '@patternfly/react-core';
import type { ReactNode } from 'react';

interface Condition {
  type: string;
  status: 'TRUE' | 'FALSE' | 'UNKNOWN';
  reason: string;
  message: string;
}

const STATUS = { TRUE: 'success', FALSE: 'danger', UNKNOWN: 'warning' } as const;
const WORDS = { TRUE: '', FALSE: ': no', UNKNOWN: ': unknown' } as const;

/** Conditions as labels; the reason is read out and shown on hovering. */
export function ConditionLabels({ conditions }: { conditions: readonly Condition[] }): ReactNode {
  return (
    <LabelGroup numLabels={8} isCompact>
      {conditions.map(({ type, status, reason, message }) => (
        <Label key={type} isCompact status={STATUS[status]} title={`${reason}: ${message}`}>
          {type}
          {WORDS[status]}
        </Label>
      ))}
    </LabelGroup>
  );
}
