import { parse } from 'yaml';
import type { KubeObject } from '../kube-object.js';
import { fieldsOf, isFields, type Fields, type ManifestReader } from './manifest-fields.js';
import type { DiscoveredMesh } from './types.js';

/** What one manifest says of Istio; undefined if it says nothing. */
export function istioFacts(object: KubeObject, manifest: ManifestReader): DiscoveredMesh | undefined {
  if (object.kind === 'Deployment' && isIstiod(object, manifest)) return istiodFacts(object, manifest);
  if (object.kind === 'ConfigMap' && object.metadata.name === 'istio') return meshConfigFacts(manifest);
  return object.kind === 'DaemonSet' && object.metadata.name === 'ztunnel'
    ? { kind: 'istio', mode: 'ambient' }
    : undefined;
}

function isIstiod(object: KubeObject, manifest: ManifestReader): boolean {
  return object.metadata.name === 'istiod' || manifest.at(['metadata', 'labels', 'app']) === 'istiod';
}

function istiodFacts({ metadata }: KubeObject, manifest: ManifestReader): DiscoveredMesh {
  const image = manifest.text(['spec', 'template', 'spec', 'containers', 0, 'image']) ?? '';
  const version = /:v?(\d+\.\d+(?:\.\d+)?(?:-(?:alpha|beta|rc)[.\d]*)?)(?:-[a-z]+)?(?:@|$)/.exec(image)?.[1];
  const { namespace } = metadata;
  return {
    kind: 'istio',
    ...(version === undefined ? {} : { version }),
    ...(namespace === undefined ? {} : { rootNamespace: namespace }),
  };
}

function meshConfigFacts(manifest: ManifestReader): DiscoveredMesh | undefined {
  const text = manifest.text(['data', 'mesh']);
  if (text === undefined) return undefined;
  const config = parsedConfig(text);
  if (config === undefined) return manifest.complain(['data', 'mesh'], 'data.mesh holds no YAML mapping');
  const { trustDomain, rootNamespace } = config;
  const capture = fieldsOf(fieldsOf(config['defaultConfig'])['proxyMetadata'])['ISTIO_META_DNS_CAPTURE'];
  return {
    kind: 'istio',
    ...trustFacts(trustDomain, config),
    ...(capture === undefined ? {} : { dnsCapture: capture === 'true' || capture === true }),
    ...(typeof rootNamespace === 'string' ? { rootNamespace } : {}),
    ...exportFacts(config),
  };
}

const EXPORT_DEFAULTS = {
  services: 'defaultServiceExportTo',
  virtualServices: 'defaultVirtualServiceExportTo',
  destinationRules: 'defaultDestinationRuleExportTo',
} as const;

function exportFacts(config: Fields): Pick<DiscoveredMesh, 'exportTo'> {
  const given = Object.entries(EXPORT_DEFAULTS).flatMap(([key, field]) => {
    const names = listOf(config[field]).filter((name): name is string => typeof name === 'string' && name.length < 254);
    return names.length === 0 ? [] : [[key, names.slice(0, MAX_EXPORTS)] as const];
  });
  return given.length === 0 ? {} : { exportTo: Object.fromEntries(given) };
}

const MAX_EXPORTS = 64;

function trustFacts(
  trustDomain: unknown,
  config: Fields,
): Pick<DiscoveredMesh, 'trustDomain' | 'acceptedTrustDomains'> {
  if (typeof trustDomain !== 'string') return {};
  const roots = listOf(config['caCertificates']).flatMap((root) => listOf(fieldsOf(root)['trustDomains']));
  const others = [...listOf(config['trustDomainAliases']), ...roots].filter((name) => typeof name === 'string');
  return { trustDomain, acceptedTrustDomains: [...new Set([trustDomain, ...others])].sort() };
}

function parsedConfig(text: string): Fields | undefined {
  try {
    const value: unknown = parse(text, { maxAliasCount: 100, logLevel: 'error' });
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
