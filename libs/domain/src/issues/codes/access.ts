import type { IssueEntry } from '../issue-entry.js';

/** ISM0880–0909: who may call. */
export const ACCESS_CODES = {
  ISM0880: {
    severity: 'ERROR',
    title: 'Access policy says nothing, or two things',
    cause:
      'A caller, an operation or the whole policy is empty and could mean everyone or nobody, or names everyone and somebody at once.',
    fix: 'Say who: for everyone `anyone: true`; for every operation leave `to` out.',
  },
  ISM0881: {
    severity: 'ERROR',
    title: 'Not an HTTP method',
    cause: 'Methods are compared exactly, and are written in capitals.',
    fix: 'Write for example GET.',
  },
  ISM0882: {
    severity: 'ERROR',
    title: 'Not a path of requests',
    cause:
      'A path is compared exactly, or up to a * at its end or from a * at its start, after the proxy has normalized it and without its query.',
    fix: 'Write for example /api/*; regular expressions are not understood.',
  },
  ISM0883: {
    severity: 'ERROR',
    title: 'Malformed header, claim or identity',
    cause:
      'Names of headers and claims have no blanks and no brackets; values hold at most one *, at their start or end; issuers and subjects hold none.',
    fix: 'Correct the text that the message names.',
  },
  ISM0884: {
    severity: 'ERROR',
    title: 'Rule names an unknown group',
    cause:
      'No ServiceGroup or UserGroup of that name is in the project. An ALLOW rule then admits nobody by it, a DENY rule refuses everyone.',
    fix: 'Create the group, or correct the name.',
  },
  ISM0885: {
    severity: 'WARNING',
    title: 'Policies of one scope say different defaults',
    cause: 'Of several defaults for the same target the stricter one holds: DENY.',
    fix: 'Leave the default to one policy.',
  },
  ISM0886: {
    severity: 'INFO',
    title: 'ALLOW rule refuses everyone else',
    cause:
      'As soon as an ALLOW rule reaches a port of a service, callers that no ALLOW rule admits are refused there, also if no default says so.',
    fix: 'Nothing, if that is meant: `default: DENY` says it in so many words. Else write a DENY rule.',
  },
  ISM0887: {
    severity: 'WARNING',
    title: 'Default ALLOW beside ALLOW rules',
    cause:
      'ALLOW rules refuse the rest of the ports that they reach, whatever the default; the default ALLOW holds for other ports only.',
    fix: 'Remove the default, or the ALLOW rules.',
  },
  ISM0888: {
    severity: 'WARNING',
    title: 'Rule about requests reaches a port whose requests nobody sees',
    cause:
      'Methods, paths, headers and tokens exist in HTTP and gRPC only. On other ports the ALLOW rule admits nobody, and the DENY rule refuses its callers altogether.',
    fix: 'Name the ports in `to`, or declare the protocol of the port.',
  },
  ISM0889: {
    severity: 'WARNING',
    title: 'Rule names callers of whom there is none',
    cause:
      'No service or group member of that name is known, so an ALLOW rule admits nobody by it and a DENY rule refuses nobody.',
    fix: 'Correct the name, or wait until the service is discovered.',
  },
  ISM0890: {
    severity: 'WARNING',
    title: 'Identity of a caller is not known',
    cause:
      'No service account is known behind the service. An ALLOW rule does not admit it; a DENY rule refuses its whole namespace.',
    fix: 'Let the service select a workload that the agent may read.',
  },
  ISM0891: {
    severity: 'INFO',
    title: 'DENY rule also refuses callers without identity',
    cause:
      'Who sends plaintext, or no token, could be the very caller that a DENY rule means, so they are refused the same.',
    fix: 'Nothing. Under EncryptionPolicy STRICT there is no plaintext, and with an AuthenticationPolicy that requires tokens no request without one.',
  },
  ISM0892: {
    severity: 'ERROR',
    title: 'Identity of a caller cannot be told from a local one',
    cause:
      'The caller’s cluster has the trust domain cluster.local and this one another: Istio takes cluster.local for its own domain. ALLOW rules leave the caller out.',
    fix: 'Give the clusters trust domains of their own, or the same one.',
  },
  ISM0894: {
    severity: 'ERROR',
    title: 'Access rules are too large',
    cause:
      'The rules of the host come to more than an object of Kubernetes may hold. Until they are smaller, nobody is admitted.',
    fix: 'Name namespaces instead of single services, or split the policy.',
  },
  ISM0895: {
    severity: 'WARNING',
    title: 'Rule reaches no port',
    cause: 'None of the ports that the rule names is one of the service in this cluster, so it never matches.',
    fix: 'Name ports of the global service, as clients call them.',
  },
  ISM0896: {
    severity: 'ERROR',
    title: 'Policy of the organization names services of a project',
    cause: 'A target with scope ORGANIZATION concerns every project, but service groups and services belong to one.',
    fix: 'Name namespaces or user groups, or write the policy in the project.',
  },
  ISM0897: {
    severity: 'ERROR',
    title: 'Token rules contradict themselves, or their keys are malformed',
    cause:
      'An issuer has either an address of its keys or public keys (JWKS) as JSON; a location is one place; required claims need required tokens.',
    fix: 'Correct what the message names. Private and symmetric keys never stand in a resource.',
  },
  ISM0898: {
    severity: 'WARNING',
    title: 'Rule names users whose tokens nobody checks',
    cause:
      'No AuthenticationPolicy that holds for the service takes tokens of the issuer, so nobody can prove to be in the group.',
    fix: 'Add the issuer to the AuthenticationPolicy of the service.',
  },
  ISM0899: {
    severity: 'WARNING',
    title: 'Port without requests is closed, because tokens are required',
    cause:
      'Only HTTP and gRPC requests carry tokens. Where every call needs one, a port whose requests nobody sees admits nobody.',
    fix: 'Target the services or ports that speak HTTP, or declare the protocol of the port.',
  },
} as const satisfies Record<string, IssueEntry>;
