import { useQuery } from '@apollo/client/react';
import { Button, Content, Form, Title } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { IssueList } from '../issues/issue-list.js';
import { IssueParts } from '../issues/issue-parts.js';
import { Asked } from '../shell/asked.js';
import { DataTable } from '../shell/data-table.js';
import { Nothing } from '../shell/states.js';
import { useSettled } from '../shell/use-settled.js';
import type { StepProps } from './policy-steps.js';
import { TextField } from './text-field.js';
import { EMPTY_RULE, isBlankRule, namespaceSpec, type RuleDraft } from './wizard-draft.js';
import { wizardMessages as texts } from './wizard-messages.js';
import type { Step } from './wizard-search.js';

const Membership = graphql(
  `
    query Membership($spec: JSON!, $project: String!) {
      membershipPreview(spec: $spec, project: $project) {
        clusters
        unknownClusters
        issues {
          ...IssueParts
        }
        services(first: 50) {
          totalCount
          nodes {
            host
            cluster
            namespace
            service
          }
        }
      }
    }
  `,
  [IssueParts],
);

type Matched = ResultOf<typeof Membership>['membershipPreview'];

/** How long nothing is written before it is asked what the rules match, in milliseconds. */
const PAUSE_MS = 300;

const FIELDS = ['clusters', 'namespaces', 'services'] as const;

/** Which services are members, with those that match now. */
export function MembersStep({ draft, change, go }: StepProps & { go: (step: Step) => void }): ReactNode {
  const { rules } = draft;
  const put = (index: number, part: Partial<RuleDraft>): void =>
    change({ rules: rules.map((rule, at) => (at === index ? { ...rule, ...part } : rule)) });
  return (
    <>
      <Form onSubmit={(event) => event.preventDefault()}>
        <Content component="p">{texts.rules}</Content>
        {rules.map((rule, index) => (
          <fieldset key={index} className="isthmus-group">
            <legend>{texts.rule(index + 1)}</legend>
            {FIELDS.map((field) => (
              <TextField
                key={field}
                id={`rule-${index}-${field}`}
                label={texts[field]}
                value={rule[field]}
                help={texts.wordsHelp}
                write={(text) => put(index, { [field]: text })}
              />
            ))}
            {rules.length === 1 ? null : (
              <Button variant="link" onClick={() => change({ rules: rules.filter((_, at) => at !== index) })}>
                {texts.remove(index + 1)}
              </Button>
            )}
          </fieldset>
        ))}
        <div>
          <Button variant="secondary" onClick={() => change({ rules: [...rules, EMPTY_RULE] })}>
            {texts.add}
          </Button>
        </div>
      </Form>
      <Title headingLevel="h3">{texts.matched}</Title>
      {rules.some(isBlankRule) ? (
        <Nothing title={texts.blankRule} body={texts.blankRuleBody} />
      ) : draft.domain === '' ? (
        <Nothing title={texts.noDomain} body={texts.noDomainBody}>
          <Button variant="link" onClick={() => go('name')}>
            {texts.toName}
          </Button>
        </Nothing>
      ) : (
        <Preview spec={JSON.stringify(namespaceSpec(draft))} project={draft.project} />
      )}
    </>
  );
}

function Preview({ spec, project }: { spec: string; project: string }): ReactNode {
  const settled = useSettled(spec, PAUSE_MS);
  const { data, previousData, error, refetch } = useQuery(Membership, {
    variables: { spec: JSON.parse(settled) as unknown, project },
    fetchPolicy: 'no-cache',
  });
  return (
    <div aria-live="polite">
      <Asked data={error === undefined ? (data ?? previousData) : undefined} error={error} again={() => void refetch()}>
        {({ membershipPreview }) => <Services matched={membershipPreview} />}
      </Asked>
    </div>
  );
}

function Services({ matched: { clusters, unknownClusters, issues, services } }: { matched: Matched }): ReactNode {
  if (issues.some(({ severity }) => severity === 'ERROR')) return <IssueList issues={issues} />;
  return (
    <>
      <Content component="p">
        {clusters.length + unknownClusters.length === 0 ? texts.noCluster : null}
        {clusters.length > 0 ? texts.reached(clusters.join(', ')) : null}{' '}
        {unknownClusters.length > 0 ? texts.unknown(unknownClusters.join(', ')) : null}
      </Content>
      {services.nodes.length === 0 ? (
        <Nothing title={texts.none} body={texts.noneBody} />
      ) : (
        <>
          <Content component="p">{texts.total(services.totalCount ?? services.nodes.length)}</Content>
          <DataTable
            label={texts.matched}
            rows={services.nodes}
            keyOf={({ host, cluster, namespace, service }) => [host, cluster, namespace, service].join(' ')}
            columns={[
              [texts.host, ({ host }) => host],
              [texts.where, ({ cluster, namespace, service }) => `${cluster}: ${namespace}/${service}`],
            ]}
          />
        </>
      )}
    </>
  );
}
