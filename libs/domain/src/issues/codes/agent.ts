import type { IssueEntry } from '../issue-entry.js';

/** Issues of agents and the clusters they work in (ISM0400–0499). */
export const AGENT_CODES = {
  ISM0400: {
    severity: 'ERROR',
    title: 'The answer did not come from an Isthmus gateway',
    cause: 'A proxy or balancer that ends TLS, or another server, stands at the gateway address.',
    fix: 'Use TLS passthrough to the gateway port, and give the agent the CA that the gateway prints.',
  },
  ISM0401: {
    severity: 'ERROR',
    title: 'Enrolment token unknown',
    cause: 'The token was never issued here, was cut when copied, or belongs to another installation.',
    fix: 'Make a new token for the cluster and start the agent with it.',
  },
  ISM0402: {
    severity: 'ERROR',
    title: 'Enrolment token expired',
    cause: 'Tokens live for minutes, so that a leaked one is worth little.',
    fix: 'Make a new token for the cluster and start the agent with it.',
  },
  ISM0403: {
    severity: 'ERROR',
    title: 'Enrolment token already used',
    cause: 'A token enrols one agent, once. If nobody of yours used it, somebody else did.',
    fix: 'If the use was not yours, revoke the cluster first. Then make a new token.',
  },
  ISM0404: {
    severity: 'ERROR',
    title: 'Certificate request refused',
    cause:
      'The request is malformed, its own signature is wrong, or its key is neither P-256, P-384, Ed25519 nor RSA of at least 2048 bits.',
    fix: 'Use an agent of this release; it makes its key and request itself.',
  },
  ISM0405: {
    severity: 'ERROR',
    title: 'The identity belongs to another cluster',
    cause:
      'The agent runs in a cluster with another UID than the one that this identity is bound to: the cluster was rebuilt, or its state was copied.',
    fix: 'If the cluster was rebuilt on purpose, reset it at the centre and enrol it again.',
  },
  ISM0406: {
    severity: 'ERROR',
    title: 'The identity is revoked',
    cause: 'The cluster was evicted or its certificate was revoked.',
    fix: 'Reset the cluster at the centre and enrol it again, if it should come back.',
  },
  ISM0407: {
    severity: 'ERROR',
    title: 'Duplicate identity',
    cause: 'Two agents use one identity in turns, or a retired certificate was shown again: somebody holds a copy.',
    fix: 'Stop the copy, then reset the cluster at the centre and enrol it again.',
  },
  ISM0408: {
    severity: 'WARNING',
    title: 'Too many requests from one address',
    cause: 'More than 60 enrolments or renewals came from one address at once, or more than one a second for long.',
    fix: 'Nothing: agents try again after the time that the answer names.',
  },
  ISM0410: {
    severity: 'ERROR',
    title: 'Manifests cannot be read',
    cause: 'A folder or file of the cluster could not be read, so what is absent may only be unseen.',
    fix: 'Make the path readable. Until then nothing of this cluster is removed, and its state is Unknown.',
  },
  ISM0411: {
    severity: 'ERROR',
    title: 'Manifest is not valid',
    cause: 'A document is not well-formed YAML or not a Kubernetes object.',
    fix: 'Correct the document. Until then nothing of this cluster is removed, since its content is not known.',
  },
  ISM0412: {
    severity: 'ERROR',
    title: 'Namespace too large to report',
    cause: 'The inventory of one namespace is larger than a frame may be.',
    fix: 'Spread its services over several namespaces.',
  },
  ISM0420: {
    severity: 'ERROR',
    title: 'Configuration refused by the agent',
    cause:
      'A received position is not signed by a pinned key, is for another cluster, or contradicts one that was seen before.',
    fix: 'If the signing key was replaced, enrol the cluster again; otherwise examine what stands between agent and worker.',
  },
  ISM0421: {
    severity: 'ERROR',
    title: 'The database went back',
    cause:
      'A cluster has newer configuration than the database: it was restored from a backup without raising the epoch.',
    fix: 'Restore with the restore command, or raise the epoch. Until then nothing is pushed to this cluster.',
  },
  ISM0430: {
    severity: 'ERROR',
    title: 'A foreign object stands in the way',
    cause: 'An object of this name exists and was not made by this agent.',
    fix: 'Rename or remove it. Isthmus never overwrites what it did not make.',
  },
  ISM0431: {
    severity: 'ERROR',
    title: 'An object could not be written',
    cause: 'The cluster did not take the write; the agent tries again.',
    fix: 'See the message: disk space, permissions, an admission rule.',
  },
  ISM0432: {
    severity: 'WARNING',
    title: 'The state of an object is unknown',
    cause: 'The object could not be read, so it was left as it is.',
    fix: 'See the message; the agent tries again.',
  },
  ISM0433: {
    severity: 'INFO',
    title: 'Drift healed',
    cause: 'A rendered object was changed or removed by somebody else and has been put back.',
    fix: 'Change the policy instead of the rendered object.',
  },
  ISM0434: {
    severity: 'WARNING',
    title: 'Deletions wait for approval',
    cause: 'More objects would be removed than the limit of 50, or of 20 % with at least 5, within 10 minutes.',
    fix: 'Check the list; approve exactly this set if it is what you want.',
  },
  ISM0435: {
    severity: 'INFO',
    title: 'The policy waits for its catalog',
    cause: 'This revision needs a newer catalog than the agent has; the objects stay as they are until it arrives.',
    fix: 'Nothing, unless it lasts: then see why the catalog does not reach the agent.',
  },
  ISM0436: {
    severity: 'INFO',
    title: 'The catalog waits for a policy',
    cause: 'Services are not exposed before a policy protects them.',
    fix: 'Nothing, unless it lasts: then see whether the global namespace compiles.',
  },
  ISM0437: {
    severity: 'WARNING',
    title: 'The agent is older than the configuration',
    cause: 'An entry has a field or version that this agent does not know. The last good objects stay in place.',
    fix: 'Upgrade the agent.',
  },
  ISM0438: {
    severity: 'ERROR',
    title: 'The mesh of this cluster cannot be rendered',
    cause: 'This release has no renderer for the mesh, or the catalog does not say which mesh the cluster runs.',
    fix: 'Check the mesh kind of the cluster.',
  },
  ISM0439: {
    severity: 'INFO',
    title: 'Frozen',
    cause: 'The centre told this agent to change nothing.',
    fix: 'Unfreeze the cluster or the global namespace when you are done.',
  },
  ISM0440: {
    severity: 'ERROR',
    title: 'Two global namespaces want one object',
    cause: 'Both render an object of the same name; the one that holds it keeps it.',
    fix: 'Change the domain or the members of one of them.',
  },
  ISM0441: {
    severity: 'ERROR',
    title: 'Another manager holds fields of a rendered object',
    cause:
      'Somebody else wrote fields that Isthmus renders. They are never taken back by force, so the object is not as wanted.',
    fix: 'Remove the fields from the other manager, or delete the object: it is then made anew as wanted.',
  },
  ISM0442: {
    severity: 'WARNING',
    title: 'Fields were added to a rendered object',
    cause: 'Another manager added fields that Isthmus does not render; they may change what the object does.',
    fix: 'Remove the fields from the other manager, unless they are meant to be there.',
  },
  ISM0443: {
    severity: 'ERROR',
    title: 'The cluster does not serve a kind',
    cause:
      'A rendered object is of a kind that the Kubernetes API does not know: its CRD is not installed, or is of another version.',
    fix: 'Install the CRDs of the mesh, or upgrade the mesh. The agent notices within a minute.',
  },
  ISM0444: {
    severity: 'WARNING',
    title: 'A namespace may not be read',
    cause:
      'The agent has no right to list services or workloads there, so nothing is known of what the namespace holds.',
    fix: 'Grant the agent get, list and watch in the namespace, or leave it out on purpose: what was known of it stays.',
  },
  ISM0445: {
    severity: 'WARNING',
    title: 'The view of the cluster is not current',
    cause: 'The Kubernetes API could not be listed or watched, so nothing is concluded from what is absent.',
    fix: 'See the message; the agent tries again.',
  },
  ISM0446: {
    severity: 'WARNING',
    title: 'Another agent acts in this cluster',
    cause: 'The Lease that picks the acting agent is held by another process, or could not be renewed in time.',
    fix: 'Nothing, if the agent is being replaced. Else see why two agents run, or why the Lease cannot be written.',
  },
  ISM0447: {
    severity: 'WARNING',
    title: 'The addresses of gateways are not known yet',
    cause:
      'Another cluster is reached through a gateway with a host name, and the name service has not answered since the agent started or the name became known.',
    fix: 'See whether the agent can resolve the name. What is rendered stays; after 5 minutes the agent goes on without that gateway.',
  },
  ISM0448: {
    severity: 'INFO',
    title: 'Routes wait for the owners of what they name',
    cause:
      'They begin to name a version that other clusters own. Those are asked first; everything else of the change is in place.',
    fix: 'Nothing: it is over when the owners have confirmed, or when their time is over (OWNER_WAIT_SECONDS of the worker, 30 s).',
  },
  ISM0449: {
    severity: 'WARNING',
    title: 'An owner was not waited for',
    cause:
      'Routes began to name a version of a service before the cluster that owns it had confirmed to know it: its agent was away, or slower than OWNER_WAIT_SECONDS.',
    fix: 'See why its agent has not followed. Until it has, requests from other clusters to that version fail in that cluster; those that reach it elsewhere do not.',
  },
  ISM0470: {
    severity: 'ERROR',
    title: 'The agent lacks a right',
    cause: 'A role of the installation was changed, is older than the agent, or was made by somebody else.',
    fix: 'Apply the manifest or the chart of this release again; docs/install-agent.md lists every right.',
  },
  ISM0471: {
    severity: 'ERROR',
    title: 'The cluster does not offer what the agent needs',
    cause: 'Its API does not answer, is of a version that is not supported, or does not serve the kinds of the mesh.',
    fix: 'See the message; check the kubeconfig, the version of Kubernetes, and that the mesh is installed.',
  },
  ISM0472: {
    severity: 'ERROR',
    title: 'Something else than the gateway ends TLS',
    cause:
      'A proxy or balancer on the way decrypts the traffic, or the CA that was given is that of another installation.',
    fix: 'Let it pass TLS through to the gateway; agents prove who they are by it. If nothing is in between, give the right CA.',
  },
  ISM0474: {
    severity: 'WARNING',
    title: 'The mesh lacks what global hosts need',
    cause: 'There is no mesh, it does not capture DNS, or it has no gateway that other clusters can reach.',
    fix: 'See the message. The agent can be installed before; hosts work once this is done.',
  },
  ISM0481: {
    severity: 'ERROR',
    title: 'A write is forbidden',
    cause: 'The Kubernetes API refuses the agent the right to write or remove an object; the agent tries again.',
    fix: 'Apply the roles of the agent’s manifest again, or look for an admission rule that forbids it.',
  },
} as const satisfies Record<string, IssueEntry>;
