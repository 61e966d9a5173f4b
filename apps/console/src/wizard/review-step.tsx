import { Alert, Button, Content, Title } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { IssueList } from '../issues/issue-list.js';
import { messages } from '../messages/messages.js';
import type { Answer } from '../resources/apply-document.js';
import { CopyTexts } from '../resources/copy-as.js';
import { DiffView } from '../resources/diff-view.js';
import { PreviewView } from '../resources/preview-view.js';
import { TakenNames } from '../resources/taken-names.js';
import { Failed, Loading } from '../shell/states.js';
import { wizardMessages as texts } from './wizard-messages.js';

interface ReviewStepProps {
  documents: string;
  answer: Answer | undefined;
  error: Error | undefined;
  again: () => void;
  /** Goes to where the name is written. */
  rename: () => void;
}

/** The command that creates the documents. */
export const cliOf = (documents: string): string => `isthmus create -f - <<'EOF'\n${documents}EOF`;

/** The mutation that creates the documents. */
export const graphqlOf = (documents: string): string =>
  `mutation { applyResources(input: {mustNotExist: true, documents: ${JSON.stringify(documents)}}) { ok { changes { kind name outcome } } error { message issues { code path message } } } }`;

/** What would be created, what that makes of the clusters, and what is wrong with it. */
export function ReviewStep({ documents, answer, error, again, rename }: ReviewStepProps): ReactNode {
  return (
    <>
      <Content component="p">{texts.reviewLead}</Content>
      <div aria-live="polite">
        {error === undefined ? null : <Failed error={error} again={again} />}
        {answer === undefined && error === undefined ? <Loading /> : null}
        {answer === undefined ? null : <Effects {...{ answer, again, rename }} />}
      </div>
      <Title headingLevel="h3">{texts.documents}</Title>
      <CopyTexts
        texts={[
          [messages.resource.copyCli, cliOf(documents)],
          [messages.resource.copyGraphql, graphqlOf(documents)],
          [messages.resource.yaml, documents],
        ]}
      />
      <DiffView label={texts.documents} diff={documents} />
    </>
  );
}

type EffectsProps = Pick<ReviewStepProps, 'again' | 'rename'> & { answer: Answer };

function Effects({ answer: { ok, error }, again, rename }: EffectsProps): ReactNode {
  if (error?.code === 'CONFLICT')
    return (
      <TakenNames
        issues={error.issues}
        actions={
          <>
            <Button variant="secondary" onClick={rename}>
              {texts.rename}
            </Button>
            <Button variant="link" onClick={again}>
              {texts.again}
            </Button>
          </>
        }
      />
    );
  if (error)
    return (
      <>
        <Alert isInline variant="danger" component="h3" title={error.message} />
        <IssueList issues={error.issues} />
        <Button variant="link" onClick={again}>
          {texts.again}
        </Button>
      </>
    );
  return (
    <>
      {ok && ok.issues.length > 0 ? <IssueList issues={ok.issues} /> : null}
      <Title headingLevel="h3">{texts.effects}</Title>
      {ok?.preview ? <PreviewView preview={ok.preview} /> : null}
    </>
  );
}
