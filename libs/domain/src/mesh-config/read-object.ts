import { LABELS, MANAGED_BY } from '../api-group.js';
import { fieldsOf, type Fields } from '../inventory/manifest-fields.js';
import type { KubeObject } from '../kube-object.js';
import { textFault } from '../resources/hygiene.js';
import { authorizationFields } from './authorization.js';
import { Excerpt, labelsIn } from './excerpt.js';
import { MESH_CONFIG_KINDS, type MeshConfigKind, type MeshConfigObject } from './types.js';

/** Fields of one kind beside kind, name and selector. */
type Said = Omit<MeshConfigObject, 'kind' | 'name' | 'selector' | 'cut'>;

interface KindReader {
  group: string;
  /** Where the labels of the selected workloads stand. */
  selector?: readonly string[];
  /** Undefined: the object is not about what is judged here. */
  read: (spec: Fields, excerpt: Excerpt) => Said | undefined;
}

const NETWORKING = 'networking.istio.io';
const SECURITY = 'security.istio.io';
const MATCH_LABELS = ['selector', 'matchLabels'] as const;

/** TLS that the mesh does not make itself, the weakest first. */
const OTHER_TLS = ['DISABLE', 'SIMPLE', 'MUTUAL'];

const READERS: Readonly<Record<MeshConfigKind, KindReader>> = {
  VirtualService: {
    group: NETWORKING,
    read: (spec, excerpt) => ({
      ...some('hosts', excerpt.texts(spec['hosts'])),
      ...some('gateways', excerpt.texts(spec['gateways'])),
      ...some('exportTo', excerpt.texts(spec['exportTo'])),
    }),
  },
  DestinationRule: {
    group: NETWORKING,
    selector: ['workloadSelector', 'matchLabels'],
    read: (spec, excerpt) => {
      const subsets = excerpt.mappings(spec['subsets']);
      return {
        ...some('hosts', excerpt.texts([spec['host']])),
        ...some('exportTo', excerpt.texts(spec['exportTo'])),
        ...some('subsets', excerpt.texts(subsets.map(({ name }) => name))),
        ...tlsOf([spec, ...subsets], excerpt),
      };
    },
  },
  ServiceEntry: {
    group: NETWORKING,
    read: (spec, excerpt) => ({
      ...some('hosts', excerpt.texts(spec['hosts'])),
      ...some('addresses', excerpt.texts(spec['addresses'])),
      ...some('exportTo', excerpt.texts(spec['exportTo'])),
    }),
  },
  Sidecar: {
    group: NETWORKING,
    selector: ['workloadSelector', 'labels'],
    read: (spec, excerpt) => {
      const hosts = excerpt.mappings(spec['egress']).flatMap((egress) => excerpt.texts(egress['hosts']));
      return some('hosts', excerpt.texts(hosts));
    },
  },
  Gateway: {
    group: NETWORKING,
    selector: ['selector'],
    read: (spec, excerpt) => {
      const servers = excerpt.mappings(spec['servers']).flatMap((server) => serverOf(server, excerpt) ?? []);
      return servers.length === 0 ? {} : { servers };
    },
  },
  PeerAuthentication: {
    group: SECURITY,
    selector: MATCH_LABELS,
    read: (spec, excerpt) => {
      const mode = modeOf(spec['mtls']);
      const ports = Object.entries(fieldsOf(spec['portLevelMtls'])).flatMap(([port, mtls]) => {
        const [number, mode] = [excerpt.port(Number(port)), modeOf(mtls)];
        return number === undefined || mode === undefined ? [] : [{ port: number, mode }];
      });
      return {
        ...(mode === undefined ? {} : { mtls: mode }),
        ...some('portMtls', excerpt.items(ports) as typeof ports),
      };
    },
  },
  AuthorizationPolicy: { group: SECURITY, selector: MATCH_LABELS, read: authorizationFields },
};

/**
 * What a user's object of a mesh says. Undefined for what Isthmus manages itself, for other kinds, and for what cannot meet
 * global hosts. Takes any content: what is not understood counts as absent.
 */
export function readMeshConfig(object: KubeObject): MeshConfigObject | undefined {
  const reader = isOurs(object) || !isName(object.metadata.name) ? undefined : readerOf(object);
  if (reader === undefined) return undefined;
  const [excerpt, spec] = [new Excerpt(), fieldsOf(object.spec)];
  const selector = reader.selector === undefined ? {} : labelsIn(at(spec, reader.selector));
  const said = reader.read(spec, excerpt);
  if (selector === undefined || said === undefined) return undefined;
  return {
    kind: object.kind,
    name: object.metadata.name,
    ...(Object.keys(selector).length === 0 ? {} : { selector }),
    ...said,
    ...(excerpt.isCut ? { cut: true } : {}),
  };
}

function readerOf({ apiVersion, kind }: KubeObject): KindReader | undefined {
  const known = MESH_CONFIG_KINDS.find((one) => one === kind);
  const reader = known && READERS[known];
  return reader !== undefined && apiVersion.startsWith(`${reader.group}/`) ? reader : undefined;
}

const isName = (name: string): boolean => name.length < 254 && textFault(name) === undefined;
const isOurs = ({ metadata }: KubeObject): boolean => metadata.labels?.[LABELS.managedBy] === MANAGED_BY;

function at(spec: Fields, place: readonly string[]): unknown {
  return place.reduce<unknown>((value, step) => fieldsOf(value)[step], spec);
}

/** A field that is left out when there is nothing in it. */
function some<K extends keyof Said, T>(key: K, items: T[]): { [P in K]?: T[] } {
  return items.length === 0 ? {} : ({ [key]: items } as { [P in K]?: T[] });
}

/** The mode over all policies of the rule: its own, those of its subsets, and those of their ports. */
function tlsOf(holders: readonly Fields[], excerpt: Excerpt): Pick<MeshConfigObject, 'tls'> {
  const policies = holders.map((holder) => fieldsOf(holder['trafficPolicy']));
  const ports = policies.flatMap((policy) => excerpt.mappings(policy['portLevelSettings']));
  const modes = [...policies, ...ports].flatMap((policy) => modeOf(policy['tls']) ?? []);
  const tls = OTHER_TLS.find((mode) => modes.includes(mode)) ?? modes[0];
  return tls === undefined ? {} : { tls };
}

function serverOf(server: Fields, excerpt: Excerpt): NonNullable<MeshConfigObject['servers']>[number] | undefined {
  const { number, protocol } = fieldsOf(server['port']);
  const port = excerpt.port(number);
  if (port === undefined) return undefined;
  const tls = modeOf(server['tls']);
  const hosts = excerpt.texts(server['hosts']);
  return {
    port,
    protocol: (excerpt.text(protocol) ?? '').toUpperCase(),
    ...(tls === undefined ? {} : { tls }),
    ...(hosts.length === 0 ? {} : { hosts }),
  };
}

/** `UNSET` says as much as nothing. */
function modeOf(value: unknown): string | undefined {
  const { mode } = fieldsOf(value);
  return typeof mode === 'string' && /^[A-Z_]{2,40}$/.test(mode) && mode !== 'UNSET' ? mode : undefined;
}
