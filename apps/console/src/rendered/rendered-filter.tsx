import { FormSelect, FormSelectOption, Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { SearchBox } from '../shell/search-box.js';
import { renderedMessages as texts } from './rendered-messages.js';
import { renderedSearch, type RenderedSearch } from './rendered-search.js';

interface ChoiceProps {
  label: string;
  value: string | undefined;
  /** Values and their texts. */
  options: readonly (readonly [value: string, text: string])[];
  /** Text of no choice. */
  none: string;
  choose: (value: string | undefined) => void;
}

/** One of several values; one of the address that is none of them stays, so that nobody wonders why nothing is shown. */
function Choice({ label, value, options, none, choose }: ChoiceProps): ReactNode {
  const isKnown = value === undefined || options.some(([one]) => one === value);
  return (
    <FormSelect
      aria-label={label}
      value={value ?? ''}
      onChange={(_, chosen) => choose(chosen === '' ? undefined : chosen)}
    >
      <FormSelectOption value="" label={none} />
      {isKnown ? null : <FormSelectOption value={value} label={value} />}
      {options.map(([one, text]) => (
        <FormSelectOption key={one} value={one} label={text} />
      ))}
    </FormSelect>
  );
}

interface RenderedFilterProps {
  kinds: readonly { kind: string; count: number }[];
  places: readonly string[];
}

/** Chooses among rendered objects, in the address. */
export function RenderedFilter({ kinds, places }: RenderedFilterProps): ReactNode {
  const { after: _after, ...search } = useAddress(renderedSearch);
  const change = useChangeAddress<RenderedSearch>();
  const narrow = (more: Partial<RenderedSearch>): void => change({ ...search, ...more }, { replace: true });
  return (
    <>
      <Toolbar>
        <ToolbarContent>
          <ToolbarItem>
            <Choice
              label={texts.kind}
              value={search.kind}
              none={texts.allKinds}
              options={kinds.map(({ kind, count }) => [kind, texts.kindCount(kind, count)])}
              choose={(kind) => narrow({ kind })}
            />
          </ToolbarItem>
          <ToolbarItem>
            <Choice
              label={texts.place}
              value={search.place}
              none={texts.allPlaces}
              options={places.map((place) => [place, place])}
              choose={(place) => narrow({ place })}
            />
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      <SearchBox label={texts.search} value={search.find} change={(find) => narrow({ find })} />
    </>
  );
}
