import { Alert } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { KINDS, type ResourceKind } from '../resources/kinds.js';
import { scopeText } from '../roles/scope-text.js';
import { mayCreateIn, type PlaceToCreate } from './places-to-create.js';

const texts = messages.rights;

interface NotHereProps {
  kind: ResourceKind;
  /** The project that is written. */
  project: string;
  /** Where one of the kind may be made; undefined: it is not known. */
  places: readonly PlaceToCreate[] | undefined;
}

/** Says that nothing of the kind may be made in the project that is written, and where it may. */
export function NotHere({ kind, project, places }: NotHereProps): ReactNode {
  if (places === undefined || !KINDS[kind].inProject || mayCreateIn(places, project)) return null;
  return (
    <Alert isInline variant="warning" component="h2" title={texts.notIn(KINDS[kind].one, project)}>
      {places.length === 0 ? null : texts.butIn(places.map(scopeText).join(', '))}
    </Alert>
  );
}
