import { useMutation, useQuery } from '@apollo/client/react';
import {
  ActionGroup,
  Alert,
  Button,
  ClipboardCopy,
  ClipboardCopyVariant,
  Content,
  Form,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  Grid,
  GridItem,
  HelperText,
  HelperTextItem,
  TextInput,
  Title,
} from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Forbidden } from '../access/forbidden.js';
import { KINDS, neededBeside, neededFor } from '../resources/kinds.js';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { IssueList } from '../issues/issue-list.js';
import { messages } from '../messages/messages.js';
import { OnboardingParts } from '../resources/row-parts.js';
import { onboardSearch } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { useKeptForm } from '../shell/kept-form.js';
import { PageFrame } from '../shell/page-frame.js';
import { Failed } from '../shell/states.js';
import { instantText, useTimes } from '../shell/times.js';
import { OnboardingSteps } from './cluster-details.js';
import { IssueParts } from '../issues/issue-parts.js';

const texts = messages.onboard;

const CreateManifest = graphql(
  `
    mutation CreateManifest($input: CreateAgentManifestInput!) {
      createAgentManifest(input: $input) {
        ok {
          expiresAt
          manifest
        }
        error {
          message
          issues {
            ...IssueParts
          }
        }
      }
    }
  `,
  [IssueParts],
);

const PutCluster = graphql(
  `
    mutation PutCluster($input: PutResourceInput!) {
      putCluster(input: $input) {
        error {
          code
          message
          issues {
            ...IssueParts
          }
        }
      }
    }
  `,
  [IssueParts],
);

type Answer = Pick<ResultOf<typeof CreateManifest>['createAgentManifest'], 'error'> &
  Partial<ResultOf<typeof CreateManifest>['createAgentManifest']>;

/** Meshes that a cluster may be said to run. */
export const MESHES = ['istio'] as const;

const FIRST_MESH: string = MESHES[0];

const NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

const Onboarding = graphql(
  `
    query Onboarding($cluster: String!, $isKnown: Boolean!) {
      viewer {
        placesToCreate(kind: Cluster, permissions: ["agents.write"]) {
          kind
        }
      }
      cluster(name: $cluster) @include(if: $isKnown) {
        id
        ...OnboardingParts
      }
    }
  `,
  [OnboardingParts],
);

type ShownOnboarding = ResultOf<typeof OnboardingParts>['onboarding'];
type ShownCluster = NonNullable<ResultOf<typeof Onboarding>['cluster']>;

/** Makes what a cluster's operator runs there, and shows how far it has come. */
export function OnboardPage(): ReactNode {
  const { cluster: name } = useAddress(onboardSearch);
  const { data } = useQuery(Onboarding, { variables: { cluster: name ?? '', isKnown: name !== undefined } });
  const cluster = data?.cluster ?? undefined;
  const mayOnboard = cluster ? cluster.viewerCanOnboard : data?.viewer.placesToCreate.length !== 0;
  if (mayOnboard) return <Onboard again={cluster && name} onboarding={cluster?.onboarding} />;
  return <Refused name={name} cluster={cluster} />;
}

function Refused({ name = '', cluster }: { name: string | undefined; cluster: ShownCluster | undefined }): ReactNode {
  const [title, lacking] = cluster
    ? [messages.rights.onboardAgain(name), neededBeside('Cluster')]
    : [messages.rights.onboard, neededFor('Cluster')];
  return (
    <PageFrame title={texts.title}>
      <Forbidden title={title} lacking={lacking}>
        <Link to="/$slug" params={{ slug: KINDS.Cluster.slug }}>
          {KINDS.Cluster.many}
        </Link>
      </Forbidden>
    </PageFrame>
  );
}

interface OnboardProps {
  /** The cluster that is there already. */
  again: string | undefined;
  onboarding: ShownOnboarding | undefined;
}

function Onboard({ again: known, onboarding }: OnboardProps): ReactNode {
  const { cluster } = useAddress(onboardSearch);
  const change = useChangeAddress<{ cluster: string }>();
  const { value, change: write, draft } = useKeptForm('onboard', { name: cluster ?? '', mesh: FIRST_MESH });
  const { name, mesh } = value;
  const [fault, setFault] = useState<string | undefined>(undefined);
  const [answer, setAnswer] = useState<Answer | undefined>(undefined);
  const [put, putting] = useMutation(PutCluster);
  const [create, creating] = useMutation(CreateManifest);
  const error = putting.error ?? creating.error;
  const loading = putting.loading || creating.loading;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!NAME.test(name)) return setFault(texts.nameFault);
    setFault(undefined);
    setAnswer(undefined);
    const again = name === known;
    if (!again) {
      const made = await put({ variables: { input: { name, mustNotExist: true, spec: { mesh: { kind: mesh } } } } });
      if (made.data?.putCluster.error) return setAnswer(made.data.putCluster);
    }
    const { data } = await create({ variables: { input: { cluster: name, again } } });
    if (!data) return;
    setAnswer(data.createAgentManifest);
    if (!data.createAgentManifest.ok) return;
    draft.forget();
    change({ cluster: name }, { replace: true });
  };
  return (
    <PageFrame title={texts.title}>
      <Grid hasGutter>
        <GridItem lg={7}>
          <OnboardForm
            name={name}
            setName={(text) => write({ name: text })}
            mesh={mesh}
            setMesh={(kind) => write({ mesh: kind })}
            fault={fault}
            isBusy={loading}
            submit={submit}
          />
          {error === undefined ? null : <Failed error={error} />}
          {answer === undefined ? null : <Made name={name} answer={answer} />}
        </GridItem>
        <GridItem lg={5}>{onboarding === undefined ? null : <Progress onboarding={onboarding} />}</GridItem>
      </Grid>
    </PageFrame>
  );
}

interface OnboardFormProps {
  name: string;
  setName: (name: string) => void;
  mesh: string;
  setMesh: (mesh: string) => void;
  fault: string | undefined;
  isBusy: boolean;
  submit: (event: FormEvent) => Promise<void>;
}

function OnboardForm({ name, setName, mesh, setMesh, fault, isBusy, submit }: OnboardFormProps): ReactNode {
  return (
    <Form onSubmit={(event) => void submit(event)} noValidate>
      <FormGroup label={texts.name} fieldId="cluster" isRequired>
        <TextInput
          id="cluster"
          isRequired
          autoComplete="off"
          value={name}
          validated={fault === undefined ? 'default' : 'error'}
          aria-describedby="cluster-help"
          onChange={(_, value) => setName(value)}
        />
        <FormHelperText>
          <HelperText id="cluster-help">
            <HelperTextItem variant={fault === undefined ? 'default' : 'error'}>
              {fault ?? texts.nameHelp}
            </HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
      <FormGroup label={messages.cluster.mesh} fieldId="mesh">
        <FormSelect id="mesh" value={mesh} onChange={(_, value) => setMesh(value)}>
          {MESHES.map((one) => (
            <FormSelectOption key={one} value={one} label={one} />
          ))}
        </FormSelect>
      </FormGroup>
      <ActionGroup>
        <Button type="submit" isLoading={isBusy} isDisabled={isBusy}>
          {texts.make}
        </Button>
      </ActionGroup>
    </Form>
  );
}

function Made({ name, answer: { ok, error } }: { name: string; answer: Answer }): ReactNode {
  const { zone } = useTimes();
  if (error) {
    return (
      <>
        <Alert component="h2" isInline variant="danger" title={error.message} />
        <IssueList issues={error.issues} />
      </>
    );
  }
  if (!ok?.manifest) return null;
  return (
    <section aria-label={texts.commandTitle}>
      <Title headingLevel="h2">{texts.commandTitle}</Title>
      <Content component="p">{texts.commandHelp(instantText(ok.expiresAt, zone))}</Content>
      <Content component="h3">{texts.cli}</Content>
      <ClipboardCopy isReadOnly hoverTip={messages.resource.copyCli} textAriaLabel={texts.cli}>
        {`isthmus cluster onboard ${name} --manifest | kubectl apply -f -`}
      </ClipboardCopy>
      <Content component="h3">{texts.manifest}</Content>
      <ClipboardCopy isReadOnly isCode variant={ClipboardCopyVariant.expansion} textAriaLabel={texts.manifest}>
        {ok.manifest}
      </ClipboardCopy>
    </section>
  );
}

function Progress({ onboarding }: { onboarding: ShownOnboarding }): ReactNode {
  return (
    <>
      <Title headingLevel="h2">{texts.live}</Title>
      <OnboardingSteps onboarding={onboarding} />
    </>
  );
}
