import { RELEASE } from './names.js';

/** What an installation may be told, in the shape of the chart's values; what is left out has the chart's default. */
export interface InstallationValues {
  gateway: { url: string; ca: string };
  /** Without a token the agent needs one in its Secret, or an identity that it has already. */
  enrolment?: { token?: string };
  image?: { repository?: string; tag?: string; digest?: string };
  mesh?: { namespace?: string };
  proxy?: { https?: string; noProxy?: string };
  extraCa?: { pem?: string };
  prometheus?: { url?: string };
  rbac?: { writeNamespaces?: readonly string[]; envoyFilters?: boolean };
}

/** Defaults that manifest and chart share. */
export const DEFAULTS = {
  image: { repository: 'docker.io/isthmus/agent', tag: RELEASE },
  mesh: { namespace: 'istio-system' },
  apiServerPorts: [443, 6443],
  nodeOptions: '--max-semi-space-size=1 --max-old-space-size=64',
  resources: { requests: { cpu: '10m', memory: '96Mi' }, limits: { memory: '128Mi' } },
  cacheSize: '64Mi',
} as const;

/**
 * What glibc is told, so that memory that was only needed for a while goes back: few arenas; blocks from 64 KiB on, as pages of lists are,
 * apart from the rest; and the end of the heap given back as soon as that much of it is free.
 */
export const AGENT_MALLOC = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '65536',
} as const;

/** The environment that keeps an agent in a pod small: of image, manifest, chart and measurements, which specs compare. */
export const AGENT_RUNTIME = { NODE_OPTIONS: DEFAULTS.nodeOptions, ...AGENT_MALLOC } as const;

/** The image by digest if there is one, else by tag. */
export function imageOf({ image = {} }: InstallationValues): string {
  const { repository = DEFAULTS.image.repository, tag = DEFAULTS.image.tag, digest = '' } = image;
  return digest === '' ? `${repository}:${tag}` : `${repository}@${digest}`;
}

/** `registry/name:tag`, `registry/name@sha256:…` or `registry/name`, as people write it. */
export function parseImage(text: string): NonNullable<InstallationValues['image']> {
  const [named = '', digest] = text.split('@');
  const [, repository = named, tag] = /^(.*?)(?::([^:/]*))?$/.exec(named) ?? [];
  return {
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const IMAGE = /^[a-z0-9]+([._/:-][a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const PEM = /^\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s-]+-----END CERTIFICATE-----\s*$/;

/** What is wrong with values that a person chose, by path; the chart's schema says the same. */
export function valueFaults(
  values: Omit<InstallationValues, 'gateway'>,
  namespace: string,
): { path: string; message: string }[] {
  const { image = {}, mesh = {}, proxy = {}, extraCa = {}, prometheus = {}, rbac = {} } = values;
  const rules: [string, string | undefined, RegExp, string][] = [
    ['namespace', namespace, NAME, 'is no name of a namespace'],
    ['image.repository', image.repository, IMAGE, 'is no name of an image'],
    ['image.tag', image.tag, TAG, 'is no tag'],
    ['image.digest', image.digest, DIGEST, 'is no digest (sha256:…)'],
    ['mesh.namespace', mesh.namespace, NAME, 'is no name of a namespace'],
    ['proxy.https', proxy.https, /^https?:\/\/[^@\s]+$/, 'is no http:// or https:// address without user and password'],
    ['proxy.noProxy', proxy.noProxy, /^[^\s]*$/, 'is no comma-separated list'],
    ['extraCa.pem', extraCa.pem, PEM, 'holds no certificates in PEM'],
    ['prometheus.url', prometheus.url, /^https?:\/\/[^@?#\s]+$/, 'is no plain http:// or https:// address'],
    ...(rbac.writeNamespaces ?? []).map((name, index): [string, string, RegExp, string] => [
      `rbac.writeNamespaces[${index}]`,
      name,
      NAME,
      'is no name of a namespace',
    ]),
  ];
  return rules.flatMap(([path, value, form, fault]) =>
    value === undefined || value === '' || form.test(value) ? [] : [{ path, message: `${path} ${fault}` }],
  );
}
