import { Label } from '@patternfly/react-core';
import type { ReactNode } from 'react';

const STATUS = {
  APPLIED: 'success',
  PENDING: 'info',
  HELD: 'warning',
  FAILED: 'danger',
  UNKNOWN: 'warning',
  LEFT: 'info',
} as const;

/** How far a global namespace has come in a cluster. */
export function TargetLabel({ status }: { status: keyof typeof STATUS }): ReactNode {
  return (
    <Label isCompact status={STATUS[status]}>
      {status.toLowerCase()}
    </Label>
  );
}
