import {
  FormSelect,
  FormSelectOption,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
  ToggleGroup,
  ToggleGroupItem,
} from '@patternfly/react-core';
import { memo, type ReactNode } from 'react';
import { topologyMessages as texts } from '../messages/topology-messages.js';
import { GROUPINGS, TOPOLOGY_VIEWS, type TopologySearch } from '../search-params.js';
import { SearchBox } from '../shell/search-box.js';
import type { ShownTopology } from './topology-document.js';

interface TopologyFiltersProps {
  search: TopologySearch;
  /** What there is to choose from; undefined until it is known. */
  topology: ShownTopology | undefined;
  change: (next: TopologySearch) => void;
}

/** What is shown of the topology, and how; a selection draws nothing of it again. */
export const TopologyFilters = memo(function TopologyFilters(props: TopologyFiltersProps): ReactNode {
  const { search, topology, change } = props;
  const { view = 'graph', group = 'cluster' } = search;
  const clusters = topology?.clusters.map(({ name }) => name) ?? [];
  return (
    <>
      <SearchBox label={texts.text} value={search.text} change={(text) => change({ text })} />
      <Toolbar>
        <ToolbarContent>
          <Choice
            label={texts.inCluster}
            value={search.inCluster}
            among={clusters}
            choose={(inCluster) => change({ inCluster })}
          />
          <Choice
            label={texts.namespace}
            value={search.namespace}
            among={topology?.namespaces ?? []}
            choose={(namespace) => change({ namespace })}
          />
          <Choice
            label={texts.serviceGroup}
            value={search.serviceGroup}
            among={topology?.serviceGroups ?? []}
            choose={(serviceGroup) => change({ serviceGroup })}
          />
          <ToolbarItem>
            <FormSelect
              aria-label={texts.groupBy}
              value={group}
              onChange={(_, value) => change({ group: GROUPINGS.find((one) => one === value), open: undefined })}
            >
              {GROUPINGS.map((one) => (
                <FormSelectOption key={one} value={one} label={`${texts.groupBy} ${texts.groupings[one]}`} />
              ))}
            </FormSelect>
          </ToolbarItem>
          <ToolbarItem>
            <ToggleGroup aria-label={texts.view}>
              {TOPOLOGY_VIEWS.map((one) => (
                <ToggleGroupItem
                  key={one}
                  text={texts[one]}
                  isSelected={one === view}
                  onChange={() => change({ view: one })}
                />
              ))}
            </ToggleGroup>
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
    </>
  );
});

interface ChoiceProps {
  label: string;
  value: string | undefined;
  among: readonly string[];
  choose: (value: string | undefined) => void;
}

/** One of some names, or all; a name of the address that is none of them stays, so that nobody wonders why nothing is shown. */
function Choice({ label, value, among, choose }: ChoiceProps): ReactNode {
  const names = value === undefined || among.includes(value) ? among : [value, ...among];
  return (
    <ToolbarItem>
      <FormSelect aria-label={label} value={value ?? ''} onChange={(_, chosen) => choose(chosen || undefined)}>
        <FormSelectOption value="" label={`${label}: ${texts.all}`} />
        {names.map((name) => (
          <FormSelectOption key={name} value={name} label={`${label}: ${name}`} />
        ))}
      </FormSelect>
    </ToolbarItem>
  );
}
