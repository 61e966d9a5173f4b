import { Title, Wizard, WizardStep } from '@patternfly/react-core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import { Forbidden } from '../access/forbidden.js';
import { NotHere } from '../access/not-here.js';
import { beginningIn, mayCreateIn, projectsIn } from '../access/places-to-create.js';
import { messages } from '../messages/messages.js';
import { KINDS, neededFor } from '../resources/kinds.js';
import { useApply } from '../resources/use-apply.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { useDraft, type Draft } from '../shell/draft.js';
import { KeptNotice } from '../shell/kept-notice.js';
import { PageFrame } from '../shell/page-frame.js';
import { Loading } from '../shell/states.js';
import { Gaps } from './gaps.js';
import { MembersStep } from './members-step.js';
import { AccessStep, EncryptionStep, NameStep, SloStep, type StepProps } from './policy-steps.js';
import { ReviewStep } from './review-step.js';
import { documentsOf, draftOf, EMPTY_DRAFT, gapsOf, type WizardDraft } from './wizard-draft.js';
import { wizardMessages as texts } from './wizard-messages.js';
import { mayMake, useWizardRights, withRights, type WizardPolicy, type WizardRights } from './wizard-rights.js';
import { STEPS, wizardSearch, type Step, type WizardSearch } from './wizard-search.js';

/** Under which name the draft is kept: that of the wizard, whichever step is shown. */
const DRAFT = 'create global namespace';

const slug = KINDS.GlobalNamespace.slug;

/** Makes a global namespace step by step, with its first policies; nothing is created before all of it was looked at. */
export function CreatePage(): ReactNode {
  const { rights, isAsked } = useWizardRights();
  const { GlobalNamespace: places } = rights;
  if (places === undefined || mayCreateIn(places)) return isAsked ? <Waiting /> : <Create rights={rights} />;
  return (
    <PageFrame title={texts.title}>
      <Forbidden title={messages.rights.create(KINDS.GlobalNamespace.one)} lacking={neededFor('GlobalNamespace')}>
        <Link to="/$slug" params={{ slug }}>
          {KINDS.GlobalNamespace.many}
        </Link>
      </Forbidden>
    </PageFrame>
  );
}

function Waiting(): ReactNode {
  return (
    <PageFrame title={texts.title}>
      <Loading />
    </PageFrame>
  );
}

function Create({ rights }: { rights: WizardRights }): ReactNode {
  const { project } = useAddress(wizardSearch);
  const begun = { ...EMPTY_DRAFT, project: beginningIn(rights.GlobalNamespace, project).project };
  const kept = useDraft(JSON.stringify(begun), DRAFT);
  const written = draftOf(kept.text);
  const draft = withRights(written, rights);
  const change = (part: Partial<WizardDraft>): void => kept.write(JSON.stringify({ ...written, ...part }));
  const lead = (
    <Link to="/edit/$slug" params={{ slug }}>
      {texts.asYaml}
    </Link>
  );
  return (
    <PageFrame title={texts.title} lead={lead}>
      <KeptNotice draft={kept} />
      <NotHere kind="GlobalNamespace" project={draft.project} places={rights.GlobalNamespace} />
      <Steps {...{ draft, change, kept, rights }} />
    </PageFrame>
  );
}

interface PolicyStepProps extends StepProps {
  rights: WizardRights;
  kind: WizardPolicy;
  Of: (props: StepProps) => ReactNode;
}

/** What is asked of a policy, if it may be made in the project of the draft. */
function PolicyStep({ draft, change, rights, kind, Of }: PolicyStepProps): ReactNode {
  const { project } = draft;
  if (mayMake(rights[kind], project)) return <Of draft={draft} change={change} />;
  return <NotHere kind={kind} project={project} places={rights[kind]} />;
}

function Steps({ draft, change, kept, rights }: StepProps & { kept: Draft; rights: WizardRights }): ReactNode {
  const search = useAddress(wizardSearch);
  const { step = STEPS[0] } = search;
  const changeAddress = useChangeAddress<WizardSearch>();
  const go = (to: Step): void => changeAddress({ ...search, step: to });
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
    name: <NameStep {...{ draft, change }} projects={projectsIn(rights.GlobalNamespace)} />,
    members: <MembersStep {...{ draft, change, go }} />,
    encryption: <PolicyStep {...{ draft, change, rights }} kind="EncryptionPolicy" Of={EncryptionStep} />,
    access: <PolicyStep {...{ draft, change, rights }} kind="AccessPolicy" Of={AccessStep} />,
    slo: <PolicyStep {...{ draft, change, rights }} kind="SloPolicy" Of={SloStep} />,
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
