import { sha256Hex } from '@isthmus/domain';

const LABEL_LIMIT = 63;
const HASH_LENGTH = 10;

/** Shortens a text to 63 characters; a shortened one is exactly 63 long and ends in a hash of the whole, so it meets no unshortened one. */
function fit(text: string, identity: string): string {
  if (text.length < LABEL_LIMIT) return text;
  const head = text.slice(0, LABEL_LIMIT - HASH_LENGTH - 1);
  return `${head}-${sha256Hex(identity).slice(0, HASH_LENGTH)}`;
}

/**
 * Name of an object that serves a DNS name (a host or a domain), as a DNS label of at most 63 characters.
 * `.` becomes `-` and `-` becomes `--`: two DNS names never share an object name, whatever their global namespaces.
 */
export function objectName(dnsName: string, role?: string): string {
  const encoded = dnsName.replaceAll('-', '--').replaceAll('.', '-');
  return fit(role === undefined ? encoded : `${encoded}-${role}`, `${dnsName}\n${role ?? ''}`);
}

/** Value of the label that names a global namespace: `<project>.<name>`, hashed at its end when it is longer than a label may be. */
export function globalNamespaceLabel(gns: { project: string; name: string }): string {
  const full = `${gns.project}.${gns.name}`;
  return fit(full, full);
}
