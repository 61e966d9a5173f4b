import { Form, FormGroup, FormSelect, FormSelectOption, Radio } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { resourceOptions } from '../resources/resource-names.js';
import { SearchChoice } from '../shell/search-choice.js';
import { TextField } from './text-field.js';
import type { WizardDraft } from './wizard-draft.js';
import { wizardMessages as texts } from './wizard-messages.js';

export interface StepProps {
  draft: WizardDraft;
  change: (part: Partial<WizardDraft>) => void;
}

interface OptionsProps<T extends string> {
  name: string;
  label: string;
  options: Readonly<Record<T, readonly [title: string, means: string]>>;
  value: T;
  choose: (value: T) => void;
}

function Options<T extends string>({ name, label, options, value, choose }: OptionsProps<T>): ReactNode {
  return (
    <FormGroup role="radiogroup" label={label} fieldId={name} isStack>
      {(Object.keys(options) as T[]).map((one) => (
        <Radio
          key={one}
          id={`${name}-${one}`}
          name={name}
          label={options[one][0]}
          description={options[one][1]}
          isChecked={value === one}
          onChange={() => choose(one)}
        />
      ))}
    </FormGroup>
  );
}

const quiet = (event: { preventDefault: () => void }): void => event.preventDefault();

/** How members are encrypted. */
export function EncryptionStep({ draft, change }: StepProps): ReactNode {
  return (
    <Form onSubmit={quiet}>
      <Options
        name="encryption"
        label={texts.steps.encryption}
        options={texts.encryption}
        value={draft.encryption}
        choose={(encryption) => change({ encryption })}
      />
    </Form>
  );
}

/** Who may call. */
export function AccessStep({ draft, change }: StepProps): ReactNode {
  return (
    <Form onSubmit={quiet}>
      <Options
        name="access"
        label={texts.steps.access}
        options={texts.access}
        value={draft.access}
        choose={(access) => change({ access })}
      />
      {draft.access === 'NAMESPACES' ? (
        <TextField
          id="callers"
          label={texts.callers}
          value={draft.callers}
          help={texts.callersHelp}
          isRequired
          write={(callers) => change({ callers })}
        />
      ) : null}
    </Form>
  );
}

/** What is promised of its services. */
export function SloStep({ draft, change }: StepProps): ReactNode {
  const { slo, objective, threshold, days } = draft;
  return (
    <Form onSubmit={quiet}>
      <Options
        name="slo"
        label={texts.steps.slo}
        options={texts.slo}
        value={slo}
        choose={(chosen) => change({ slo: chosen })}
      />
      {slo === 'LATENCY' ? (
        <TextField
          id="threshold"
          label={texts.threshold}
          value={threshold}
          write={(text) => change({ threshold: text })}
        />
      ) : null}
      {slo === '' ? null : (
        <>
          <TextField
            id="objective"
            label={texts.objective}
            value={objective}
            write={(text) => change({ objective: text })}
          />
          <TextField id="days" label={texts.days} value={days} write={(text) => change({ days: text })} />
        </>
      )}
    </Form>
  );
}

interface ProjectFieldProps extends Pick<NameStepProps, 'projects'> {
  project: string;
  write: (project: string) => void;
}

/** Found by name where any will do, or else chosen from those that will. */
function ProjectField({ project, projects, write }: ProjectFieldProps): ReactNode {
  if (projects === undefined)
    return (
      <SearchChoice
        id="field-project"
        label={texts.project}
        isRequired
        value={{ id: project, text: project }}
        write={({ text }) => write(text)}
        useOptions={resourceOptions('Project')}
        idOf={(text) => text}
      />
    );
  const isKnown = projects.includes(project);
  return (
    <FormGroup label={texts.project} fieldId="field-project" isRequired>
      <FormSelect id="field-project" value={project} isRequired onChange={(_, chosen) => write(chosen)}>
        {(isKnown ? projects : [project, ...projects]).map((one) => (
          <FormSelectOption key={one} value={one} label={one} />
        ))}
      </FormSelect>
    </FormGroup>
  );
}

interface NameStepProps extends StepProps {
  /** Projects where one may be made; undefined: any. */
  projects: readonly string[] | undefined;
}

/** What it is called, and where it is. */
export function NameStep({ draft, change, projects }: NameStepProps): ReactNode {
  const { name, project, domain } = draft;
  const rename = (next: string): void =>
    change({ name: next, ...(domain === '' || domain === `${name}.global` ? { domain: `${next}.global` } : {}) });
  return (
    <Form onSubmit={quiet}>
      <TextField id="name" label={texts.name} value={name} help={texts.nameHelp} isRequired write={rename} />
      <ProjectField project={project} projects={projects} write={(text) => change({ project: text })} />
      <TextField
        id="domain"
        label={texts.domain}
        value={domain}
        help={texts.domainHelp(`reviews.${domain === '' ? 'shop.global' : domain}`)}
        isRequired
        write={(text) => change({ domain: text })}
      />
    </Form>
  );
}
