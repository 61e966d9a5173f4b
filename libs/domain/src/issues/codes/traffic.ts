import type { IssueEntry } from '../issue-entry.js';

/** ISM0840–0869: what traffic policies say of routes, retries, limits and faults. */
export const TRAFFIC_CODES = {
  ISM0840: {
    severity: 'ERROR',
    title: 'Weights do not come to 100',
    cause: 'The weights of the backends of a rule are percentages and together 100; of several backends each has one.',
    fix: 'Correct the weights.',
  },
  ISM0841: {
    severity: 'ERROR',
    title: 'Request ends before one try does',
    cause:
      'The timeout of the whole request is shorter than the time that one try may take, so that time never counts.',
    fix: 'Make the timeout of the request longer, or perTryTimeout shorter.',
  },
  ISM0842: {
    severity: 'WARNING',
    title: 'Not all tries fit into the timeout',
    cause:
      'The timeout of the whole request ends before all tries have had their time; a slow service then gets fewer tries than the policy says.',
    fix: 'Make the timeout of the request at least (attempts + 1) × perTryTimeout, or accept it.',
  },
  ISM0843: {
    severity: 'ERROR',
    title: 'Not a regular expression of the proxies',
    cause:
      'Proxies match with RE2, which takes time in proportion to the text: it knows no look-around, back-references, atomic groups or possessive quantifiers, and limits repetitions.',
    fix: 'Rewrite the expression for RE2, with at most 1024 characters and 1000 repetitions.',
  },
  ISM0844: {
    severity: 'ERROR',
    title: 'Redirects run in a circle',
    cause: 'A client that follows the redirects comes to the same rule again and never gets an answer.',
    fix: 'Change the address, or narrow the match so that it does not take its own address.',
  },
  ISM0845: {
    severity: 'ERROR',
    title: 'Rule contradicts itself',
    cause: 'Parts of the rule exclude each other, as the message says.',
    fix: 'Keep one of them, or write two rules.',
  },
  ISM0846: {
    severity: 'ERROR',
    title: 'Not a header, cookie or path of HTTP',
    cause: 'Names of headers and cookies are tokens, values are one line of printable ASCII, paths begin with a slash.',
    fix: 'Correct the text that the message names.',
  },
  ISM0847: {
    severity: 'WARNING',
    title: 'Rules tie',
    cause:
      'Two rules of one policy have the same precedence (exact path, longest prefix, regex, method, headers, query parameters) and can take the same request. The first in the list wins.',
    fix: 'Make one of them more specific, or join them.',
  },
  ISM0848: {
    severity: 'ERROR',
    title: 'Too many rules',
    cause:
      'A policy has at most 256 rules with 512 matches together: every proxy tries them one after the other for each request.',
    fix: 'Use prefixes or expressions, or split the service.',
  },
  ISM0849: {
    severity: 'ERROR',
    title: 'Rule is there twice',
    cause: 'Rules are told apart by their names.',
    fix: 'Rename one.',
  },
  ISM0850: {
    severity: 'ERROR',
    title: 'Load balancing contradicts itself',
    cause: 'A policy chooses endpoints either by an algorithm or by a hash of exactly one key.',
    fix: 'Keep one of them.',
  },
  ISM0851: {
    severity: 'ERROR',
    title: 'Algorithm does not warm up',
    cause: 'A share that grows needs an algorithm that weighs endpoints: RANDOM and hashes do not.',
    fix: 'Use LEAST_REQUEST or ROUND_ROBIN, or leave the warm-up out.',
  },
  ISM0852: {
    severity: 'ERROR',
    title: 'Fault says too little or too much',
    cause: 'A fault holds back, aborts, or both; an abort answers with one status, of HTTP or of gRPC.',
    fix: 'Give a delay or an abort, and one status for the abort.',
  },
  ISM0853: {
    severity: 'WARNING',
    title: 'Detection is too weak for failover',
    cause:
      'Clients turn to other clusters when the endpoints of one are left out. What is not counted or may not be left out keeps its traffic.',
    fix: 'Count gateway errors, and allow a maxEjectionPercent of 99 or 100; or accept that retries alone carry failover.',
  },
  ISM0854: {
    severity: 'ERROR',
    title: 'Origins of CORS contradict themselves',
    cause: 'An origin is given in exactly one way, and browsers refuse credentials together with any origin.',
    fix: 'List the origins, or leave allowCredentials out.',
  },
  ISM0855: {
    severity: 'ERROR',
    title: 'Too many limits',
    cause:
      'A rate limit has at most 64 rules or descriptors, and a descriptor at most 8 entries: every proxy compares each request with all of them.',
    fix: 'Use prefixes or expressions, or let the rate-limit service tell values apart.',
  },
  ISM0856: {
    severity: 'ERROR',
    title: 'Intervals of limits do not fit together',
    cause:
      'The interval of a rule is a multiple of the interval of the limit for all requests: some releases of Envoy refuse everything else together with the rest of their configuration.',
    fix: 'Give the limit for all requests the shorter interval, for example 1s.',
  },
  ISM0857: {
    severity: 'ERROR',
    title: 'Burst is less than the limit',
    cause: 'A bucket that holds less than it gets in an interval lets through less than the limit says.',
    fix: 'Make burst at least as large as requests, or leave it out.',
  },
  ISM0858: {
    severity: 'ERROR',
    title: 'Limit says nothing, or two things',
    cause:
      'A match names a path, method or header; an entry of a descriptor has either a value or the header whose value is sent.',
    fix: 'Keep one of them, or leave the match out.',
  },
  ISM0859: {
    severity: 'ERROR',
    title: 'Not a name for a rate-limit service',
    cause:
      'The host is a DNS name that proxies know, without scheme and port; domain, keys and values are words that the configuration of the service repeats.',
    fix: 'Correct the text that the message names.',
  },
  ISM0860: {
    severity: 'WARNING',
    title: 'No member has the version or is in the cluster',
    cause:
      'A route names a version or cluster that no member has which callers in this cluster can use. Its share goes to the other backends of the rule; a rule that has no other answers 503; a mirror is left out.',
    fix: 'Deploy the version, with the label version on its pods, or correct the name.',
  },
  ISM0861: {
    severity: 'WARNING',
    title: 'Ports with different limits are one port of the container',
    cause:
      'Proxies of servers count by the port of the container. Ports of the service that lead to the same one share the limits of the first that has some.',
    fix: 'Give the ports the same limits, or ports of their own in the container.',
  },
  ISM0865: {
    severity: 'ERROR',
    title: 'Not an instant',
    cause:
      'An instant is a date with a time and its offset from UTC, as RFC 3339 writes it: without an offset it would be another one in each place.',
    fix: 'Write for example 2027-01-31T18:00:00Z.',
  },
  ISM0866: {
    severity: 'ERROR',
    title: 'Service mirrors to itself',
    cause: 'Copies of requests go to the service that gets the requests, which then does everything twice.',
    fix: 'Name another service, or a version of this one.',
  },
  ISM0867: {
    severity: 'WARNING',
    title: 'Mirror leads nowhere',
    cause: 'The global namespace has no such service, or the service has no such port, so copies are dropped.',
    fix: 'Correct the name or the port, or let the service belong to the global namespace.',
  },
} as const satisfies Record<string, IssueEntry>;
