import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { mayCreateIn, type PlaceToCreate } from '../access/places-to-create.js';
import { graphql, type ResultOf } from '../connection/graphql.js';
import type { WizardDraft } from './wizard-draft.js';

const WizardPlaces = graphql(`
  query WizardPlaces {
    viewer {
      GlobalNamespace: placesToCreate(kind: GlobalNamespace) {
        kind
        name
      }
      EncryptionPolicy: placesToCreate(kind: EncryptionPolicy) {
        kind
        name
      }
      AccessPolicy: placesToCreate(kind: AccessPolicy) {
        kind
        name
      }
      SloPolicy: placesToCreate(kind: SloPolicy) {
        kind
        name
      }
    }
  }
`);

type Answer = ResultOf<typeof WizardPlaces>['viewer'];
type WizardKind = Exclude<keyof Answer, '__typename'>;

/** Policies that the wizard makes beside the global namespace. */
export type WizardPolicy = Exclude<WizardKind, 'GlobalNamespace'>;

/** Where each of what the wizard makes may be made; undefined where it is not known. */
export type WizardRights = Readonly<Partial<Record<WizardKind, readonly PlaceToCreate[]>>>;

/** Where the viewer may make what the wizard makes; nothing that there is counts, since all of it is about something new. */
export function useWizardRights(): { rights: WizardRights; isAsked: boolean } {
  const { data, networkStatus } = useQuery(WizardPlaces, { fetchPolicy: 'cache-first' });
  const isAsked = networkStatus === NetworkStatus.loading;
  return { rights: data === undefined ? {} : rightsOf(data.viewer), isAsked };
}

const ofNew = (places: readonly PlaceToCreate[]): PlaceToCreate[] =>
  places.filter(({ kind }) => kind !== 'GLOBAL_NAMESPACE');

function rightsOf({ GlobalNamespace, EncryptionPolicy, AccessPolicy, SloPolicy }: Answer): WizardRights {
  return {
    GlobalNamespace: ofNew(GlobalNamespace),
    EncryptionPolicy: ofNew(EncryptionPolicy),
    AccessPolicy: ofNew(AccessPolicy),
    SloPolicy: ofNew(SloPolicy),
  };
}

/** Whether one may be made in the project, as far as it is known: the server decides. */
export function mayMake(places: readonly PlaceToCreate[] | undefined, project: string): boolean {
  return places === undefined || mayCreateIn(places, project);
}

/** The draft without policies that may not be made in its project. */
export function withRights(draft: WizardDraft, rights: WizardRights): WizardDraft {
  const may = (kind: WizardPolicy): boolean => mayMake(rights[kind], draft.project);
  return {
    ...draft,
    ...(may('EncryptionPolicy') ? {} : { encryption: '' }),
    ...(may('AccessPolicy') ? {} : { access: '' }),
    ...(may('SloPolicy') ? {} : { slo: '' }),
  };
}
