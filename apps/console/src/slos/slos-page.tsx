import { Label } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { COPIES } from '../resources/copies.js';
import { CopyLines } from '../resources/copy-as.js';
import { ResourceLink } from '../resources/resource-link.js';
import type { Column } from '../shell/data-table.js';
import { PageFrame } from '../shell/page-frame.js';
import { Nothing } from '../shell/states.js';
import { Instant } from '../shell/times.js';
import { WindowedColumns } from '../shell/windowed-columns.js';
import { inWindow, windowsOf } from '../shell/windows-of.js';
import { Facts } from '../status/facts.js';
import { percent, times } from './slo-numbers.js';
import { Expandable } from '../shell/expandable.js';

const texts = messages.slos;

const Objectives = graphql(`
  query Objectives($first: Int!, $after: String, $offset: Int) {
    sloReports(first: $first, after: $after, offset: $offset) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
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
        globalNamespace {
          id
          name
          projectName
        }
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
`);

type Row = ResultOf<typeof Objectives>['sloReports']['nodes'][number];

const useReports = windowsOf({ document: Objectives, at: inWindow, rowsIn: ({ sloReports }) => sloReports });

/** How objectives stand, by what is left of their error budgets. */
export function SlosPage(): ReactNode {
  return (
    <PageFrame title={texts.title} lead={texts.lead} actions={<CopyLines copies={COPIES.objectives} />}>
      <WindowedColumns
        label={texts.title}
        columns={COLUMNS}
        useRows={useReports}
        keyOf={({ globalNamespace, policy, host }, at) =>
          policy && globalNamespace ? `${globalNamespace.id} ${policy.id} ${host ?? ''}` : String(at)
        }
        empty={<Nothing title={texts.none} body={texts.noneBody} />}
      />
    </PageFrame>
  );
}

const STATUS = { MET: 'success', BREACHED: 'danger', NO_DATA: 'warning' } as const;

const COLUMNS: readonly Column<Row>[] = [
  [
    messages.gns.kind,
    ({ globalNamespace: gns, service }) => (
      <>
        {gns ? (
          <ResourceLink kind="GlobalNamespace" name={gns.name} project={gns.projectName} />
        ) : (
          messages.states.unknown
        )}{' '}
        {service ?? ''}
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
