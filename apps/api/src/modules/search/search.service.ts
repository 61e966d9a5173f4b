import { Inject, Injectable } from '@nestjs/common';
import { byCodeUnit } from '@isthmus/domain';
import type { AccountRecord, ResourceRecord, ServiceAccountRecord, Store } from '@isthmus/store';
import { placeOfScope } from '../../auth/places.js';
import type { SignInSettings } from '../../auth/sign-in-settings.js';
import { authorize, mayRead, type Viewer } from '../../auth/viewer.js';
import { SIGN_IN_SETTINGS, STORE } from '../../core/tokens.js';
import { seesAll } from '../../graphql/sight.js';
import { ResourcesService } from '../resources/resources.service.js';
import { tokenModel, type TokenModel } from '../tokens/new-token.js';

/** What is searched for, and how many of each sort are wanted at most. */
export interface Search {
  text: string;
  limit: number;
}

export interface FoundService {
  host: string;
  gns: ResourceRecord;
}

/** Finds by name: of each sort what the viewer may see, and nothing of a sort that he may not. */
@Injectable()
export class SearchService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(ResourcesService) private readonly resources: ResourcesService,
    @Inject(SIGN_IN_SETTINGS) private readonly settings: SignInSettings,
  ) {}

  /** What is searched for, where the viewer may search at all. */
  of(viewer: Viewer, search: Search): Search {
    authorize(viewer, 'viewer.read');
    return search;
  }

  async named(viewer: Viewer, { text, limit }: Search): Promise<ResourceRecord[]> {
    if (!viewer.rights.somewhere('resources.read')) return [];
    const page = { first: limit };
    const { items } = await this.resources.list(viewer, { filter: { search: text }, page, order: undefined });
    return items.map(({ record }) => record);
  }

  async services(viewer: Viewer, { text, limit }: Search): Promise<FoundService[]> {
    if (!viewer.rights.somewhere('GlobalNamespace.read')) return [];
    const { org } = authorize(viewer, 'GlobalNamespace.read');
    const reads = this.store.reads(org);
    const seen = seesAll(viewer, 'GlobalNamespace')
      ? undefined
      : (await reads.resources.all(['GlobalNamespace'])).filter((gns) => mayRead(viewer, gns));
    const vips = await reads.vips.search({ text, limit, ...(seen && { gns: seen.map(({ uid }) => uid) }) });
    const known = seen ?? (await reads.resources.byUids([...new Set(vips.map(({ gns }) => gns))]));
    const byUid = new Map(known.map((gns) => [gns.uid, gns]));
    return vips.flatMap(({ host, gns }) => {
      const record = byUid.get(gns);
      return record === undefined ? [] : [{ host, gns: record }];
    });
  }

  async programs(viewer: Viewer, search: Search): Promise<ServiceAccountRecord[]> {
    if (!viewer.rights.everywhere('tokens.manage')) return [];
    return this.store.reads(viewer.org).serviceAccounts.search(search);
  }

  async tokens(viewer: Viewer, search: Search): Promise<TokenModel[]> {
    if (!viewer.rights.everywhere('tokens.manage')) return [];
    return (await this.store.reads(viewer.org).tokens.search(search)).map(tokenModel);
  }

  async people(viewer: Viewer, search: Search): Promise<AccountRecord[]> {
    if (!viewer.rights.everywhere('sessions.manage')) return [];
    return this.store.reads(viewer.org).accounts.search(search);
  }

  /** As roles are granted to them. Nobody but their providers knows of all groups: these are those that are told of somewhere here. */
  async groups(viewer: Viewer, { text, limit }: Search): Promise<string[]> {
    const wanted = text.toLowerCase();
    const [told, granted] = await Promise.all([
      this.groupsOfPeople(viewer, { text, limit }),
      this.groupsWithRoles(viewer),
    ]);
    const others = [...granted, ...this.groupsOfSettings(viewer)].filter((name) => name.toLowerCase().includes(wanted));
    return [...new Set([...told, ...others])].sort(byCodeUnit).slice(0, limit);
  }

  private async groupsOfPeople(viewer: Viewer, search: Search): Promise<string[]> {
    if (!viewer.rights.everywhere('sessions.manage')) return [];
    return this.store.reads(viewer.org).accounts.searchGroups(search);
  }

  private async groupsWithRoles({ rights, org }: Viewer): Promise<string[]> {
    if (!rights.somewhere('roles.read')) return [];
    const bindings = await this.store.withTenant(org, (tx) => tx.roleBindings.list());
    return bindings.flatMap(({ subject, scope }) =>
      subject.kind === 'GROUP' && rights.may('roles.read', placeOfScope(scope)) ? [subject.id] : [],
    );
  }

  private groupsOfSettings({ rights, org }: Viewer): string[] {
    const { organization, providers } = this.settings;
    if (org !== organization || !rights.everywhere('identity.manage')) return [];
    return providers.flatMap(({ name, roles }) => Object.keys(roles).map((group) => `${name}:${group}`));
  }
}
