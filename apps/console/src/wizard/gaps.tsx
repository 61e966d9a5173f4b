import { Alert, Button } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import type { Gap } from './wizard-draft.js';
import { wizardMessages as texts } from './wizard-messages.js';
import type { Step } from './wizard-search.js';

const STEP_OF: Readonly<Record<Gap, Step>> = {
  name: 'name',
  project: 'name',
  domain: 'name',
  rules: 'members',
  callers: 'access',
  objective: 'slo',
  threshold: 'slo',
  days: 'slo',
};

/** What is to be filled in before the server is asked, each with the way to its step. */
export function Gaps({ gaps, go }: { gaps: readonly Gap[]; go: (step: Step) => void }): ReactNode {
  return (
    <Alert isInline variant="info" component="h3" title={texts.gaps}>
      <ul>
        {gaps.map((gap) => (
          <li key={gap}>
            <Button variant="link" isInline onClick={() => go(STEP_OF[gap])}>
              {texts.steps[STEP_OF[gap]]}
            </Button>
            : {texts.gap[gap]}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
