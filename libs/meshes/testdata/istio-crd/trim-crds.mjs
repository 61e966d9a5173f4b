// Makes generated/schemas.json from Istio's crd-all.gen.yaml: node trim-crds.mjs <crd-all.gen.yaml>
// Keeps the v1 schema of spec of the kinds that the renderer makes, without descriptions.
import fs from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';

const KINDS = [
  'AuthorizationPolicy',
  'DestinationRule',
  'Gateway',
  'PeerAuthentication',
  'RequestAuthentication',
  'ServiceEntry',
  'Sidecar',
  'Telemetry',
  'VirtualService',
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
    const { schema } = spec.versions.find(({ name }) => name === 'v1');
    return [`${spec.group}/v1/${spec.names.kind}`, strip(schema.openAPIV3Schema.properties.spec)];
  });
const sorted = Object.fromEntries(schemas.sort(([a], [b]) => (a < b ? -1 : 1)));
fs.writeFileSync(path.join(import.meta.dirname, 'generated/schemas.json'), `${JSON.stringify(sorted)}\n`);
