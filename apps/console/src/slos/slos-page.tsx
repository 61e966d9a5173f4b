import { useQuery } from '@apollo/client/react';
import { Content, Label } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { ResourceLink } from '../resources/resource-link.js';
import { Asked } from '../shell/asked.js';
import { DataTable, type Column } from '../shell/data-table.js';
import { PageFrame } from '../shell/page-frame.js';
import { Nothing } from '../shell/states.js';
import { Instant } from '../shell/times.js';
import { Facts } from '../status/facts.js';
import { byBudget, percent, times } from './slo-numbers.js';
import { Expandable } from '../shell/expandable.js';

const texts = messages.slos;
const FIRST = 100;

const Objectives = graphql(`
  query Objectives($first: Int!) {
    globalNamespaces(first: $first) {
      totalCount
      nodes {
        id
        name
        projectName
        slos {
          service
          host
          status
          attainment
          objective
          errorBudgetRemaining
          burnRate1h
          burnRate6h
          coverage
          good
          total
          uncertain
          source
          stale
          observedAt
          windowStart
          policy {
            id
            name
            projectName
          }
          observations {
            observedAt
            stale
            cluster {
              id
              name
            }
          }
        }
      }
    }
  }
`);

type Namespaces = ResultOf<typeof Objectives>['globalNamespaces'];
type Row = Namespaces['nodes'][number]['slos'][number] & { gns: Namespaces['nodes'][number] };

/** How objectives stand, by what is left of their error budgets. */
export function SlosPage(): ReactNode {
  const { data, error, refetch } = useQuery(Objectives, { variables: { first: FIRST } });
  return (
    <PageFrame title={texts.title} lead={texts.lead}>
      <Asked data={data} error={error} again={() => void refetch()}>
        {({ globalNamespaces }) => <Reports namespaces={globalNamespaces} />}
      </Asked>
    </PageFrame>
  );
}

function Reports({ namespaces: { nodes, totalCount } }: { namespaces: Namespaces }): ReactNode {
  const rows = byBudget(nodes.flatMap((gns) => gns.slos.map((slo): Row => ({ ...slo, gns }))));
  return (
    <>
      {(totalCount ?? 0) > nodes.length ? <Content component="p">{messages.home.ofFirst(nodes.length)}</Content> : null}
      {rows.length === 0 ? <Nothing title={texts.none} body={texts.noneBody} /> : null}
      {rows.length === 0 ? null : (
        <DataTable
          label={texts.title}
          columns={COLUMNS}
          rows={rows}
          keyOf={({ gns, policy, host }) => `${gns.id} ${policy?.id ?? ''} ${host ?? ''}`}
        />
      )}
    </>
  );
}

const STATUS = { MET: 'success', BREACHED: 'danger', NO_DATA: 'warning' } as const;

const COLUMNS: readonly Column<Row>[] = [
  [
    messages.gns.kind,
    ({ gns, service }) => (
      <>
        <ResourceLink kind="GlobalNamespace" name={gns.name} project={gns.projectName} /> {service ?? ''}
      </>
    ),
  ],
  [
    texts.policy,
    ({ policy }) =>
      policy ? (
        <ResourceLink kind="SloPolicy" name={policy.name} project={policy.projectName} />
      ) : (
        messages.states.unknown
      ),
  ],
  [
    messages.cluster.status,
    ({ status }) => (
      <Label isCompact status={STATUS[status]}>
        {texts.status[status]}
      </Label>
    ),
  ],
  [texts.budget, ({ errorBudgetRemaining }) => percent(errorBudgetRemaining)],
  [texts.attainment, ({ attainment, objective }) => `${percent(attainment)} / ${percent(objective)}`],
  [texts.burn, ({ burnRate1h, burnRate6h }) => `${times(burnRate1h)} / ${times(burnRate6h)}`],
  [
    texts.observed,
    ({ observedAt, stale }) => (
      <>
        <Instant at={observedAt} />{' '}
        {stale ? (
          <Label isCompact status="warning">
            {texts.stale}
          </Label>
        ) : null}
      </>
    ),
  ],
  [texts.more, (row) => <More row={row} />],
];

function More({ row }: { row: Row }): ReactNode {
  const { good, total, uncertain, coverage, source, windowStart, observations } = row;
  const number = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 0 });
  return (
    <Expandable title={texts.show}>
      <Facts
        facts={[
          [texts.good, `${number(good)} / ${number(total)}`],
          [texts.uncertain, number(uncertain)],
          [texts.coverage, percent(coverage)],
          [texts.source, source === null ? messages.states.unknown : texts.sources[source]],
          [texts.window, <Instant key="window" at={windowStart} />],
          ...observations.map(({ cluster, observedAt, stale }, index): readonly [string, ReactNode] => [
            cluster?.name ?? `${messages.states.unknown} ${index}`,
            <>
              <Instant at={observedAt} /> {stale ? `(${texts.stale})` : ''}
            </>,
          ]),
        ]}
      />
    </Expandable>
  );
}
