import type { AccountRecord, ResourceRecord, ServiceAccountRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { badInput, MAX_FIRST, pageRequest } from '../../graphql/connection.js';
import { needs } from '../../graphql/guard.js';
import { Resource } from '../resources/resource.type.js';
import type { Found, FoundService } from './search.service.js';

const LONGEST = 253;

const ServiceHit = builder.objectRef<FoundService>('ServiceHit').implement({
  description: 'A global service that was found.',
  fields: (t) => ({
    host: t.exposeString('host', { description: 'Its host.' }),
    globalNamespace: t.field({
      type: Resource,
      description: 'Whose it is.',
      resolve: ({ gns }): ResourceRecord => gns,
    }),
  }),
});

const ServiceAccountHit = builder.objectRef<ServiceAccountRecord>('ServiceAccountHit').implement({
  description: 'A service account that was found.',
  fields: (t) => ({ name: t.exposeString('name', { description: 'Its name.' }) }),
});

const AccountHit = builder.objectRef<AccountRecord>('AccountHit').implement({
  description: 'A person who was found.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'Id, as roles are granted to it.' }),
    name: t.exposeString('name', { description: 'Name for people.' }),
    provider: t.exposeString('provider', { description: 'Name of the identity provider.' }),
  }),
});

const SearchResult = builder.objectRef<Found>('SearchResult').implement({
  description: 'What has a text in its name, as far as the caller may see it: the first ones of each sort, by name.',
  fields: (t) => ({
    resources: t.field({ type: [Resource], description: 'Resources.', resolve: ({ resources }) => resources }),
    services: t.field({
      type: [ServiceHit],
      description: 'Global services by host.',
      resolve: ({ services }) => services,
    }),
    serviceAccounts: t.field({
      type: [ServiceAccountHit],
      description: 'Service accounts; none without tokens.manage.',
      resolve: ({ serviceAccounts }) => serviceAccounts,
    }),
    accounts: t.field({
      type: [AccountHit],
      description: 'People by name or address of mail; none without sessions.manage.',
      resolve: ({ accounts }) => accounts,
    }),
  }),
});

builder.queryFields((t) => ({
  search: t.field({
    type: SearchResult,
    description: 'Finds by a part of a name, over resources, services, service accounts and people at once.',
    args: {
      text: t.arg.string({ required: true, description: `Part of a name, of any case: 1 to ${LONGEST} characters.` }),
      first: t.arg.int({ defaultValue: 10, description: `How many of each sort: 1 to ${MAX_FIRST}.` }),
    },
    ...needs('viewer.read'),
    resolve: (_root, { text, first }, context) => {
      const { first: limit } = pageRequest({ first: first ?? 10 });
      if (text.trim() === '' || text.length > LONGEST) throw badInput(`text has 1 to ${LONGEST} characters`);
      return context.services.search.find(callerOf(context), { text: text.trim(), limit });
    },
  }),
}));
