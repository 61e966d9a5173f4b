import { useMutation } from '@apollo/client/react';
import { Alert, Button, Title, Wizard, WizardStep } from '@patternfly/react-core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { ApplyDocument, type Answer } from '../resources/apply-document.js';
import { KINDS } from '../resources/kinds.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { useDraft, type Draft } from '../shell/draft.js';
import { PageFrame } from '../shell/page-frame.js';
import { MembersStep } from './members-step.js';
import { AccessStep, EncryptionStep, NameStep, SloStep, type StepProps } from './policy-steps.js';
import { ReviewStep, takenNames } from './review-step.js';
import { documentsOf, draftOf, EMPTY_DRAFT, type WizardDraft } from './wizard-draft.js';
import { wizardMessages as texts } from './wizard-messages.js';
import { STEPS, wizardSearch, type Step } from './wizard-search.js';

/** Under which name the draft is kept: that of the wizard, whichever step is shown. */
const DRAFT = 'create global namespace';

const slug = KINDS.GlobalNamespace.slug;

/** Makes a global namespace step by step, with its first policies; nothing is created before all of it was looked at. */
export function CreatePage(): ReactNode {
  const kept = useDraft(JSON.stringify(EMPTY_DRAFT), DRAFT);
  const draft = draftOf(kept.text);
  const change = (part: Partial<WizardDraft>): void => kept.write(JSON.stringify({ ...draft, ...part }));
  const lead = (
    <Link to="/edit/$slug" params={{ slug }}>
      {texts.asYaml}
    </Link>
  );
  return (
    <PageFrame title={texts.title} lead={lead}>
      {kept.isKept ? <Kept startAnew={kept.startAnew} /> : null}
      <Steps draft={draft} change={change} kept={kept} />
    </PageFrame>
  );
}

function Kept({ startAnew }: { startAnew: () => void }): ReactNode {
  return (
    <Alert
      isInline
      variant="info"
      title={texts.kept}
      actionLinks={
        <Button variant="link" isInline onClick={startAnew}>
          {texts.startAnew}
        </Button>
      }
    />
  );
}

/** What the server says of the documents: asked for when they are to be reviewed. */
function useReview(documents: string, isShown: boolean) {
  const [send, { error, loading }] = useMutation(ApplyDocument);
  const [seen, setSeen] = useState<{ documents: string; answer: Answer } | undefined>(undefined);
  const ask = useCallback(
    async (dryRun: boolean): Promise<Answer | undefined> => {
      const { data } = await send({ variables: { input: { documents, dryRun } } });
      if (data) setSeen({ documents, answer: data.applyResources });
      return data?.applyResources;
    },
    [documents, send],
  );
  useEffect(() => {
    if (isShown) void ask(true);
  }, [isShown, ask]);
  const answer = seen?.documents === documents ? seen.answer : undefined;
  const mayCreate = !loading && Boolean(answer?.ok) && answer !== undefined && takenNames(answer).length === 0;
  return { answer, error, mayCreate, ask };
}

function Steps({ draft, change, kept }: StepProps & { kept: Draft }): ReactNode {
  const { step = STEPS[0] } = useAddress(wizardSearch);
  const go = useChangeAddress<{ step: Step }>();
  const navigate = useNavigate();
  const documents = documentsOf(draft);
  const { answer, error, mayCreate, ask } = useReview(documents, step === 'review');
  const leave = async (): Promise<void> => {
    await navigate({ to: '/$slug', params: { slug } });
    kept.forget();
  };
  const create = async (): Promise<void> => {
    const done = await ask(false);
    if (!done?.ok) return;
    const { name, project } = draft;
    await navigate({ to: '/$slug/$name', params: { slug, name }, search: { project } });
    kept.forget();
  };
  const bodies: Readonly<Record<Step, ReactNode>> = {
    name: <NameStep draft={draft} change={change} />,
    members: <MembersStep draft={draft} change={change} />,
    encryption: <EncryptionStep draft={draft} change={change} />,
    access: <AccessStep draft={draft} change={change} />,
    slo: <SloStep draft={draft} change={change} />,
    review: <ReviewStep {...{ documents, answer, error }} again={() => void ask(true)} />,
  };
  const footer = { nextButtonText: texts.create, isNextDisabled: !mayCreate, onNext: () => void create() };
  return (
    <Wizard
      key={step}
      navAriaLabel={texts.nav}
      startIndex={STEPS.indexOf(step) + 1}
      onStepChange={(_, { id }) => {
        const next = STEPS.find((one) => one === id);
        if (next !== undefined) go({ step: next });
      }}
      onClose={() => void leave()}
    >
      {STEPS.map((one) => (
        <WizardStep key={one} id={one} name={texts.steps[one]} {...(one === 'review' ? { footer } : {})}>
          <StepTitle title={texts.steps[one]} />
          {bodies[one]}
        </WizardStep>
      ))}
    </Wizard>
  );
}

/** Whoever does not see that the step is another one hears it: the title takes the focus, except where the page begins. */
function StepTitle({ title }: { title: string }): ReactNode {
  const place = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) place.current?.focus();
  }, []);
  return (
    <Title ref={place} headingLevel="h2" tabIndex={-1} className="pf-v6-u-mb-md">
      {title}
    </Title>
  );
}
