import type { AccountRecord, ResourceRecord, ServiceAccountRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { badInput, MAX_FIRST, pageRequest } from '../../graphql/connection.js';
import { needs } from '../../graphql/guard.js';
import { Resource } from '../resources/resource.type.js';
import { ApiToken } from '../tokens/token.type.js';
import type { FoundService, Search } from './search.service.js';

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
  fields: (t) => ({
    id: t.exposeString('id', { description: 'Id, as roles are granted to it.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    description: t.exposeString('description', { description: 'What it is for.' }),
  }),
});

const AccountHit = builder.objectRef<AccountRecord>('AccountHit').implement({
  description: 'A person who was found.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'Id, as roles are granted to it.' }),
    name: t.exposeString('name', { description: 'Name for people.' }),
    email: t.exposeString('email', {
      nullable: true,
      description: 'Address of mail, where the provider stands for it.',
    }),
    provider: t.exposeString('provider', { description: 'Name of the identity provider.' }),
  }),
});

const SearchResult = builder.objectRef<Search>('SearchResult').implement({
  description:
    'What has a text in its name, as far as the caller may see it: the first ones of each sort, by name. What is not asked for is not looked for.',
  fields: (t) => ({
    resources: t.field({
      type: [Resource],
      description: 'Resources.',
      resolve: (search, _args, context) => context.services.search.named(callerOf(context), search),
    }),
    services: t.field({
      type: [ServiceHit],
      description: 'Global services by host.',
      resolve: (search, _args, context) => context.services.search.services(callerOf(context), search),
    }),
    serviceAccounts: t.field({
      type: [ServiceAccountHit],
      description: 'Service accounts; none without tokens.manage.',
      resolve: (search, _args, context) => context.services.search.programs(callerOf(context), search),
    }),
    apiTokens: t.field({
      type: [ApiToken],
      description: 'API tokens that are neither expired nor revoked; none without tokens.manage.',
      resolve: (search, _args, context) => context.services.search.tokens(callerOf(context), search),
    }),
    accounts: t.field({
      type: [AccountHit],
      description: 'People by name or address of mail; none without sessions.manage.',
      resolve: (search, _args, context) => context.services.search.people(callerOf(context), search),
    }),
    groups: t.stringList({
      description:
        'Groups with their provider before them, as roles are granted to them: those of people who have signed in, with sessions.manage; those to which roles are granted where the caller may read roles; those of the sign-in settings, with identity.manage. A provider may have others.',
      resolve: (search, _args, context) => context.services.search.groups(callerOf(context), search),
    }),
  }),
});

builder.queryFields((t) => ({
  search: t.field({
    type: SearchResult,
    description: 'Finds by a part of a name, over resources, services, service accounts, tokens, people and groups.',
    args: {
      text: t.arg.string({ required: true, description: `Part of a name, of any case: 1 to ${LONGEST} characters.` }),
      first: t.arg.int({ defaultValue: 10, description: `How many of each sort: 1 to ${MAX_FIRST}.` }),
    },
    ...needs('viewer.read'),
    resolve: (_root, { text, first }, context): Search => {
      const { first: limit } = pageRequest({ first: first ?? 10 });
      if (text.trim() === '' || text.length > LONGEST) throw badInput(`text has 1 to ${LONGEST} characters`);
      return context.services.search.of(callerOf(context), { text: text.trim(), limit });
    },
  }),
}));
