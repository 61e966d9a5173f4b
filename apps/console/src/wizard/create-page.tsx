import { Title, Wizard, WizardStep } from '@patternfly/react-core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import { Forbidden } from '../access/forbidden.js';
import { useMayAll } from '../access/viewer-rights.js';
import { messages } from '../messages/messages.js';
import { KINDS, neededFor } from '../resources/kinds.js';
import { useApply } from '../resources/use-apply.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { useDraft, type Draft } from '../shell/draft.js';
import { KeptNotice } from '../shell/kept-notice.js';
import { PageFrame } from '../shell/page-frame.js';
import { Gaps } from './gaps.js';
import { MembersStep } from './members-step.js';
import { AccessStep, EncryptionStep, NameStep, SloStep, type StepProps } from './policy-steps.js';
import { ReviewStep } from './review-step.js';
import { documentsOf, draftOf, EMPTY_DRAFT, gapsOf, type WizardDraft } from './wizard-draft.js';
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
  const needed = neededFor('GlobalNamespace');
  if (useMayAll(needed) === false)
    return (
      <PageFrame title={texts.title}>
        <Forbidden title={messages.rights.create(KINDS.GlobalNamespace.one)} lacking={needed}>
          <Link to="/$slug" params={{ slug }}>
            {KINDS.GlobalNamespace.many}
          </Link>
        </Forbidden>
      </PageFrame>
    );
  return (
    <PageFrame title={texts.title} lead={lead}>
      <KeptNotice draft={kept} />
      <Steps draft={draft} change={change} kept={kept} />
    </PageFrame>
  );
}

function Steps({ draft, change, kept }: StepProps & { kept: Draft }): ReactNode {
  const { step = STEPS[0] } = useAddress(wizardSearch);
  const changeAddress = useChangeAddress<{ step: Step }>();
  const go = (to: Step): void => changeAddress({ step: to });
  useFocusOfSteps(step);
  const navigate = useNavigate();
  const documents = documentsOf(draft);
  const { seen, error, mayApply, ask } = useApply(documents, true);
  const gaps = gapsOf(draft);
  const isReviewed = step === 'review' && gaps.length === 0;
  useEffect(() => {
    if (isReviewed) void ask(true);
  }, [isReviewed, ask]);
  const answer = seen?.documents === documents ? seen.answer : undefined;
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
    members: <MembersStep {...{ draft, change, go }} />,
    encryption: <EncryptionStep draft={draft} change={change} />,
    access: <AccessStep draft={draft} change={change} />,
    slo: <SloStep draft={draft} change={change} />,
    review:
      gaps.length > 0 ? (
        <Gaps gaps={gaps} go={go} />
      ) : (
        <ReviewStep {...{ documents, answer, error }} again={() => void ask(true)} rename={() => go('name')} />
      ),
  };
  const footer = { nextButtonText: texts.create, isNextDisabled: !mayApply, onNext: () => void create() };
  return (
    <Wizard
      key={step}
      navAriaLabel={texts.nav}
      startIndex={STEPS.indexOf(step) + 1}
      onStepChange={(_, { id }) => {
        const next = STEPS.find((one) => one === id);
        if (next !== undefined) go(next);
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

const STEP_TITLE = 'wizard-step-title';

/** Whoever does not see that the step is another one hears it: its title takes the focus, except where the page begins. */
function useFocusOfSteps(step: Step): void {
  const shown = useRef(step);
  useEffect(() => {
    // On narrow screens the wizard's own label of this button hides the name of the step that it shows.
    document.querySelector('.pf-v6-c-wizard__toggle')?.removeAttribute('aria-label');
    if (shown.current !== step) document.getElementById(STEP_TITLE)?.focus();
    shown.current = step;
  }, [step]);
}

function StepTitle({ title }: { title: string }): ReactNode {
  return (
    <Title id={STEP_TITLE} headingLevel="h2" tabIndex={-1} className="isthmus-step-title">
      {title}
    </Title>
  );
}
