import { helpMessages } from '../help/help-messages.js';
import { messages } from '../messages/messages.js';
import { topologyMessages } from '../messages/topology-messages.js';
import { ALL_KINDS, KINDS } from '../resources/kinds.js';

/** A page of the navigation. */
export interface Item {
  to: string;
  title: string;
}

const ofSection = (section: string): Item[] =>
  ALL_KINDS.filter((kind) => KINDS[kind].section === section).map((kind) => ({
    to: `/${KINDS[kind].slug}`,
    title: KINDS[kind].many,
  }));

/** All pages, in the order of the navigation. */
export const SECTIONS: readonly { title: string; items: readonly Item[] }[] = [
  {
    title: messages.navigation.overview,
    items: [
      { to: '/', title: messages.home.title },
      { to: '/issues', title: messages.issues.title },
      { to: '/decisions', title: messages.holds.title },
      { to: '/slos', title: messages.slos.title },
    ],
  },
  {
    title: messages.navigation.mesh,
    items: [...ofSection('mesh'), { to: '/topology', title: topologyMessages.title }],
  },
  { title: messages.navigation.policies, items: ofSection('policies') },
  { title: messages.navigation.groups, items: ofSection('groups') },
  {
    title: messages.navigation.administration,
    items: [
      ...ofSection('administration'),
      { to: '/audit', title: messages.audit.title },
      { to: '/tokens', title: messages.tokens.title },
      { to: '/roles', title: messages.roles.title },
      { to: '/service-accounts', title: messages.serviceAccounts.title },
      { to: '/people', title: messages.people.title },
      { to: '/sessions', title: messages.sessions.title },
      { to: '/account', title: messages.account.title },
    ],
  },
  { title: helpMessages.title, items: [{ to: '/help', title: helpMessages.all }] },
];
