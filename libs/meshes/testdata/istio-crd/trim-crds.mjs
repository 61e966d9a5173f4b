// Makes generated/schemas.json from Istio's crd-all.gen.yaml: node trim-crds.mjs <crd-all.gen.yaml>
// Keeps the v1 schema (v1alpha3 where there is no v1) of spec of the kinds that the renderer makes, without descriptions.
import fs from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';

const KINDS = [
  'AuthorizationPolicy',
  'DestinationRule',
  'EnvoyFilter',
  'Gateway',
  'PeerAuthentication',
  'RequestAuthentication',
  'ServiceEntry',
  'Sidecar',
  'Telemetry',
  'VirtualService',
  'WorkloadEntry',
  'WorkloadGroup',
];

function strip(value) {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([key, field]) => !(key === 'description' && typeof field === 'string'));
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, strip(field)]));
}

const crds = parseAllDocuments(fs.readFileSync(process.argv[2], 'utf8')).map((document) => document.toJS());
const schemas = crds
  .filter((crd) => KINDS.includes(crd?.spec?.names?.kind))
  .map(({ spec }) => {
    const { name, schema } = ['v1', 'v1alpha3'].flatMap((version) =>
      spec.versions.filter((one) => one.name === version),
    )[0];
    return [`${spec.group}/${name}/${spec.names.kind}`, strip(schema.openAPIV3Schema.properties.spec)];
  });
const sorted = Object.fromEntries(schemas.sort(([a], [b]) => (a < b ? -1 : 1)));
fs.writeFileSync(path.join(import.meta.dirname, 'generated/schemas.json'), `${JSON.stringify(sorted)}\n`);
