import { Label } from '@patternfly/react-core';
import type { ReactNode } from 'react';

const STATUS = { ERROR: 'danger', WARNING: 'warning', INFO: 'info' } as const;

/** How severe an issue is: by word and sign, never by colour alone. */
export function SeverityLabel({ severity }: { severity: keyof typeof STATUS }): ReactNode {
  return (
    <Label isCompact status={STATUS[severity]}>
      {severity.toLowerCase()}
    </Label>
  );
}
