import type { IssueEntry } from '../issue-entry.js';

/** Issues of the API: concurrency, rights, limits (ISM0500–0599). */
export const API_CODES = {
  ISM0500: {
    severity: 'ERROR',
    title: 'Nothing to apply',
    cause: 'The documents hold no Isthmus resource.',
    fix: 'Send at least one document whose apiVersion is that of Isthmus.',
  },
  ISM0501: {
    severity: 'ERROR',
    title: 'Resource changed meanwhile',
    cause:
      'The version that the change expects is not the one that is stored: somebody else changed, created or deleted it.',
    fix: 'Read the resource again, apply the change to what is there now, and send it with the new version.',
  },
  ISM0502: {
    severity: 'ERROR',
    title: 'Resource does not exist',
    cause: 'There is no resource of this kind and name, or it was deleted.',
    fix: 'Check kind, project and name; list what is there.',
  },
  ISM0503: {
    severity: 'ERROR',
    title: 'Idempotency key was used for another request',
    cause: 'A key names one request. The same key came with other content.',
    fix: 'Use a new key for every new request; repeat a request with the very same content.',
  },
  ISM0504: {
    severity: 'ERROR',
    title: 'Documents are too large',
    cause: 'The documents of one request are larger than the server takes.',
    fix: 'Split them into several requests.',
  },
  ISM0505: {
    severity: 'ERROR',
    title: 'Prune has no labels',
    cause:
      'Pruning deletes what carries the labels and is not among the documents; without labels that would be everything.',
    fix: 'Give every document of the set a label of its own and name it in prune.',
  },
  ISM0506: {
    severity: 'ERROR',
    title: 'Value out of range',
    cause: 'An argument is outside what the operation takes.',
    fix: 'Use a value inside the range that the message names.',
  },
  ISM0507: {
    severity: 'ERROR',
    title: 'Held deletions changed',
    cause: 'An approval counts for the very set that was shown; the set is another one now.',
    fix: 'Look at the deletions that are held now and approve those.',
  },
  ISM0508: {
    severity: 'ERROR',
    title: 'Document lacks the prune labels',
    cause: 'With prune, every document carries the labels; one without them would be deleted by the next run.',
    fix: 'Add the labels to the document, or leave it out.',
  },
  ISM0509: {
    severity: 'ERROR',
    title: 'The default project stays',
    cause: 'Resources that name no project belong to the project `default`, so it is always there.',
    fix: 'Delete the resources in it instead.',
  },
  ISM0510: {
    severity: 'WARNING',
    title: 'Members would wait for approval before they leave',
    cause:
      'The change takes members of more than 50 hosts out of a global namespace, or of more than 20 % with at least 5, within 10 minutes. They stay until somebody approves exactly that set; everything else goes on.',
    fix: 'Nothing, if the change is meant: approve what waits. Else correct the rules.',
  },
  ISM0515: {
    severity: 'ERROR',
    title: 'Still needed',
    cause: 'Another resource names what shall be deleted, so it would point at nothing.',
    fix: 'Change or delete that resource first; with apply and prune both can be done in one request.',
  },
  ISM0516: {
    severity: 'ERROR',
    title: 'Label given twice',
    cause: 'One key of labels or annotations stands twice in the request, so it is open which value is meant.',
    fix: 'Give each key once.',
  },
  ISM0530: {
    severity: 'ERROR',
    title: 'There is no manifest of this id',
    cause: 'The address was cut when copied, belongs to another installation, or is a week past its time.',
    fix: 'Make another with `isthmus cluster onboard NAME --url`.',
  },
  ISM0531: {
    severity: 'ERROR',
    title: 'The manifest can no longer be fetched',
    cause:
      'It was fetched as often as it may be, or its token has expired. If the fetches were not yours, somebody else has the token.',
    fix: 'If they were not yours, revoke the cluster first. Then make another with `isthmus cluster onboard NAME --url`.',
  },
  ISM0532: {
    severity: 'WARNING',
    title: 'Too many manifests are asked for from one address',
    cause: 'More than 60 came from one address at once, or more than one a second for long.',
    fix: 'Try again after the time that the answer names.',
  },
  ISM0533: {
    severity: 'ERROR',
    title: 'A manifest cannot be made of these values',
    cause: 'An image, address, namespace or certificate has no form that a cluster would take.',
    fix: 'Correct the field that the issue names.',
  },
  ISM0535: {
    severity: 'WARNING',
    title: 'The agent is not heard',
    cause:
      'Nobody has shown the token of the cluster at the agent gateway, or the agent that was enrolled with it has no open stream.',
    fix: 'Look at the log of the agent. Check that it was started, that it can resolve and reach the address of the gateway through firewall and proxy, and that it was given the token and the CA.',
  },
  ISM0536: {
    severity: 'ERROR',
    title: 'Plain HTTP on the TLS port of the agent gateway',
    cause:
      'Something sends unencrypted HTTP to the port where agents speak TLS: an address that begins with http://, or a proxy that ends TLS in front of the gateway.',
    fix: 'Give the agent the https:// address of the gateway. Let load balancers and ingresses pass TLS through (mode TCP or passthrough) to this port.',
  },
  ISM0537: {
    severity: 'ERROR',
    title: 'TLS handshake with the agent gateway failed',
    cause:
      'A peer and the gateway could not agree on TLS. The gateway takes TLS 1.3 only; a proxy or firewall that inspects TLS may offer less.',
    fix: 'Let the connection pass without inspection, and upgrade what offers an older TLS.',
  },
  ISM0538: {
    severity: 'WARNING',
    title: 'A peer left after the TLS handshake',
    cause:
      'Whoever connected ended the connection before it asked for anything. An agent does so if it does not trust the certificate of the gateway: another CA, another name, a proxy with a certificate of its own, or a clock that is off. Health checks of load balancers do so as well.',
    fix: 'Look at the log of the agent. Give it the CA that isthmus cluster onboard shows, dial a name that stands in SERVER_NAMES of the gateway, set the clock of the node, and let proxies pass TLS through.',
  },
  ISM0539: {
    severity: 'WARNING',
    title: 'Clocks are apart',
    cause:
      'The clock of the cluster and that of the gateway differ by five minutes or more. Agents go by the gateway’s, but everybody else in the cluster judges certificates by the wrong time.',
    fix: 'Set the clock of the nodes with NTP.',
  },
  ISM0540: {
    severity: 'WARNING',
    title: 'No mesh was found',
    cause:
      'The agent has listed the cluster and found no mesh in it, or another one than the record of the cluster says.',
    fix: 'Install the mesh, give the agent the namespace of its control plane, or correct spec.mesh of the Cluster.',
  },
  ISM0541: {
    severity: 'WARNING',
    title: 'DNS capture is off or not known',
    cause:
      'Global names resolve through the DNS of the mesh’s proxies; without it, only callers that dial the virtual address reach them.',
    fix: 'For Istio set ISTIO_META_DNS_CAPTURE to "true" in meshConfig.defaultConfig.proxyMetadata and restart the workloads.',
  },
  ISM0542: {
    severity: 'WARNING',
    title: 'No east-west gateway was found',
    cause:
      'Clusters in other networks reach services here through an east-west gateway. None was found, and the record of the cluster names none.',
    fix: 'Install one, wait for its address, or name it in spec.gateways of the Cluster. Clusters of one network need none.',
  },
  ISM0543: {
    severity: 'WARNING',
    title: 'The first sync is not finished',
    cause: 'The agent has not confirmed yet what it was sent, or could not apply it.',
    fix: 'See the issues of the cluster: isthmus describe cluster NAME.',
  },
  ISM0544: {
    severity: 'ERROR',
    title: 'The identity is bound to another cluster',
    cause:
      'The UID of kube-system (or of the folder) is another one than that of the cluster which this identity was given to: the cluster was built anew, or its identity was copied.',
    fix: 'If the cluster was built anew: isthmus cluster onboard NAME, and give its agent the new token. If it is a copy: remove the agent from it.',
  },
  ISM0545: {
    severity: 'ERROR',
    title: 'The cluster still takes part',
    cause:
      'The record of a cluster whose agent may still hold objects cannot simply be deleted: its services would vanish from the others at once and its objects would stay.',
    fix: 'Let it leave first: isthmus cluster leave NAME. If it is gone or not to be trusted any more: isthmus cluster evict NAME.',
  },
  ISM0546: {
    severity: 'ERROR',
    title: 'The cluster is in another phase of its life',
    cause:
      'What was asked for is possible only in certain phases: a cluster that has left cannot stay, one that was evicted cannot leave.',
    fix: 'Look where it stands: isthmus cluster steps NAME. A cluster that has left or was evicted comes back with isthmus cluster onboard NAME.',
  },
  ISM0547: {
    severity: 'ERROR',
    title: 'The database went back',
    cause:
      'An agent knows more than the database: it was replaced by an older copy, and nobody has announced it. Nothing is pushed on these lines; the cluster keeps what it has.',
    fix: 'Find out which database is the right one. If it is the one that runs: isthmus-admin epoch --raise --yes.',
  },
  ISM0548: {
    severity: 'ERROR',
    title: 'Rights are missing',
    cause: 'The Kubernetes API refuses the agent what it needs to read or to write.',
    fix: 'Apply the roles of the agent’s manifest again. isthmus-agent check, run in its pod, names what is missing.',
  },
  ISM0549: {
    severity: 'WARNING',
    title: 'The enrolment token expired',
    cause: 'The token ran out before an agent was enrolled with it.',
    fix: 'Make a new one: isthmus cluster onboard NAME.',
  },
  ISM0556: {
    severity: 'ERROR',
    title: 'The name is taken',
    cause:
      'The resource was to be created, and one of its kind and name is there already: nothing was written over it.',
    fix: 'Choose another name; or, if what is there is to be changed, look at it and apply the change instead of creating it.',
  },
  ISM0557: {
    severity: 'ERROR',
    title: 'A version is expected of what must not exist',
    cause:
      'The document carries metadata.resourceVersion, which belongs to something that is stored, and is to be created.',
    fix: 'Take metadata.resourceVersion out to create the resource, or apply the document to change the one that has it.',
  },
} as const satisfies Record<string, IssueEntry>;
