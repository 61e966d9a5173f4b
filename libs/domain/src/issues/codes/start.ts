import type { IssueEntry } from '../issue-entry.js';

/** Issues of `npm start`, which have their numbers among those of the objectives (ISM0706–0709). */
export const START_CODES = {
  ISM0706: {
    severity: 'ERROR',
    title: 'Programs for real clusters are missing',
    cause:
      '`npm start -- --clusters kubernetes` runs etcd and kube-apiserver and installs the CRDs of Istio; the message names what is not on this machine, and there is no Go to build it with.',
    fix: 'Install Go 1.26 or newer, on PATH or in /usr/local/go, and start again: what is missing is built once and kept. Or set KUBEBUILDER_ASSETS to a folder that holds etcd, kube-apiserver and the crd-all.gen.yaml of an Istio release. Or start with --clusters directory.',
  },
  ISM0707: {
    severity: 'ERROR',
    title: 'The data folder holds a demo of another kind',
    cause: 'Its clusters were made with another value of --clusters, and their agents have joined already.',
    fix: 'Start with the value that the message names, or choose another folder with --data-dir.',
  },
  ISM0708: {
    severity: 'ERROR',
    title: 'Programs for real clusters could not be built',
    cause: 'testbed/build.sh failed: Go is too old, its module proxy cannot be reached, or the disk is full.',
    fix: 'See the last lines of its output in the message, correct that and start again; what was built is kept.',
  },
} as const satisfies Record<string, IssueEntry>;
