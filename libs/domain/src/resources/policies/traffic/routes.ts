import * as z from 'zod';
import { isLabelValue } from '../../text/labels.js';
import { list, oneOf, report, text, whole } from '../../schema/checked.js';
import { name, serviceName } from '../../schema/metadata.js';
import { duration, percent } from '../../schema/policy-fields.js';
import { quote } from '../../text/quote.js';
import { HTTP_METHODS } from '../policy-words.js';
import { headerName, headerValue, httpPath } from './http-fields.js';
import { headersOfMatch, MANY, path, valueMatch } from './request-match.js';
import { retry } from './retry.js';
import { checkRoutes, ruleFindings, SENDING } from './route-checks.js';
import { waysOf } from '../../schema/variants.js';

const version = text(
  (value) =>
    value !== '' && isLabelValue(value)
      ? undefined
      : { code: 'ISM0846', message: `${quote(value)} is not a value of the label version` },
  { description: 'Value of the label version (or app.kubernetes.io/version) of the workloads.' },
);
const cluster = name('Name of a cluster: only its members.', 'Cluster');

const match = z
  .strictObject({
    path: path.optional(),
    method: oneOf(HTTP_METHODS, 'Method of the request.').optional(),
    headers: headersOfMatch.optional(),
    queryParams: list(valueMatch('A query parameter.'), {
      description: 'All of these parameters.',
      ...MANY,
    }).optional(),
    sourceNamespaces: list(name('A namespace.', 'Namespace'), {
      description: 'Callers of these namespaces.',
      ...MANY,
    }).optional(),
    sourceClusters: list(name('A cluster.', 'Cluster'), {
      description: 'Callers in these clusters.',
      ...MANY,
    }).optional(),
  })
  .meta({ description: 'Requests for which everything in it holds.' });

const pair = z
  .strictObject({ name: headerName('Name.'), value: headerValue('Value.') })
  .meta({ description: 'A header.' });

const headers = z
  .strictObject({
    set: list(pair, { description: 'Headers to set, whatever was there.', ...MANY }).optional(),
    add: list(pair, { description: 'Headers to add.', ...MANY }).optional(),
    remove: list(headerName('Name.'), { description: 'Headers to take away.', ...MANY }).optional(),
  })
  .meta({ description: 'Changes of headers.' });

const rewrite = z
  .strictObject({
    host: headerValue('Value of the host header.').optional(),
    path: httpPath('Takes the place of the whole path.').optional(),
    prefix: httpPath('Takes the place of the prefix that matched.').optional(),
  })
  .meta({
    description: 'Changes host and path before a request is sent.',
    ...waysOf([
      { title: 'The whole path, or none of it', has: [], may: ['path'] },
      { title: 'The prefix that matched', has: ['prefix'] },
    ]),
  });

const redirect = z
  .strictObject({
    scheme: oneOf(['http', 'https'], 'Scheme of the address.').optional(),
    host: headerValue('Host of the address.').optional(),
    port: whole(1, 65_535, 'Port of the address.').optional(),
    path: httpPath('Path of the address; left out: that of the request.').optional(),
    status: z.literal([301, 302, 303, 307, 308]).meta({ description: 'HTTP status; default 302.' }).optional(),
  })
  .meta({ description: 'Answers with another address.' });

const backend = z
  .strictObject({
    version: version.optional(),
    cluster: cluster.optional(),
    weight: whole(0, 100, 'Share in percent; all of a rule come to 100.').optional(),
  })
  .meta({ description: 'Members of a version, of a cluster, or both; neither: all of them.' });

const rule = z
  .strictObject({
    name: name('Name of the rule, once in a policy.'),
    matches: list(match, { description: 'Any of these; left out: every request.', ...MANY }).optional(),
    requestHeaders: headers.optional(),
    responseHeaders: headers.optional(),
    rewrite: rewrite.optional(),
    redirect: redirect.optional(),
    mirror: z
      .strictObject({
        version: version.optional(),
        cluster: cluster.optional(),
        service: serviceName(
          'Another service of the same global namespace, as targets name it: <service> or <service>.<namespace>.',
        ).optional(),
        port: whole(1, 65_535, 'Its port; default that of the request.').optional(),
        percent: percent('Default 100.').optional(),
      })
      .meta({
        description: 'Sends copies of requests there; their answers are dropped.',
        ...waysOf([
          { title: 'A version or cluster of this service', has: [], may: ['version', 'cluster'] },
          { title: 'Another service', has: ['service'], may: ['port'] },
        ]),
      })
      .optional(),
    backends: list(backend, { description: 'Where requests go; left out: as without the rule.', ...MANY }).optional(),
    timeout: duration('Longest time for a request of this rule.').optional(),
    retry: retry.optional(),
  })
  .superRefine((spec, context) => {
    for (const [finding, at] of ruleFindings(spec)) report(context, finding, at);
  })
  .meta({
    description: 'What happens with some requests.',
    ...waysOf([
      { title: 'They are sent on', has: [], may: [...SENDING] },
      { title: 'They are redirected', has: ['redirect'] },
    ]),
  });

export type RouteRuleSpec = z.output<typeof rule>;
export type RouteMatchSpec = z.output<typeof match>;

/** Rules of requests. The order of the list does not count: exact path, longest prefix, regex, method, headers, parameters do. */
export const routes = z
  .strictObject({ rules: list(rule, { description: 'The rules.', ...MANY }) })
  .superRefine(({ rules }, context) => {
    for (const [finding, at] of checkRoutes(rules)) report(context, finding, at);
  })
  .meta({ description: 'Routing of requests, with the terms and the precedence of the Gateway API.' });

export type RoutesSpec = z.output<typeof routes>;
