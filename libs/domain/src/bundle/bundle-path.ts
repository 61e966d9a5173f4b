/** The file of recorded virtual addresses, at the top of a bundle. */
export const VIP_LOCK_FILE = 'vips.lock.yaml';

/** What a file is, by its path: judged without looking inside. */
export type BundlePath =
  | { kind: 'ignored' }
  | { kind: 'refused'; reason: string }
  | { kind: 'vip-lock' }
  | { kind: 'documents' }
  | { kind: 'cluster-documents'; cluster: string; isRecord: boolean };

/** Sorts a path. Hidden files and files that are neither YAML nor JSON are ignored. */
export function bundlePath(path: string): BundlePath {
  const parts = path.split('/');
  if (!isSafe(path, parts)) return { kind: 'refused', reason: 'the path is not a plain relative path' };
  if (parts.some((part) => part.startsWith('.')) || !/\.(ya?ml|json)$/.test(path)) return { kind: 'ignored' };
  if (path === VIP_LOCK_FILE) return { kind: 'vip-lock' };
  const [top, cluster, ...rest] = parts;
  if (top !== 'clusters' || cluster === undefined || rest.length === 0) return { kind: 'documents' };
  return { kind: 'cluster-documents', cluster, isRecord: /^cluster\.(ya?ml|json)$/.test(rest.join('/')) };
}

/** Controls, backslashes, and what is not seen or turns the direction of text: a path is shown to people. */
const INVISIBLE = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function isSafe(path: string, parts: readonly string[]): boolean {
  if (INVISIBLE.test(path)) return false;
  return parts.every((part) => part !== '' && part !== '.' && part !== '..');
}
