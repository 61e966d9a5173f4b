import type { Issue, KubeObject } from '@isthmus/domain';
import { Composer, LineCounter, Parser } from 'yaml';
import type { Document } from 'yaml';
import { agentIssue } from '../../report/agent-issue.js';
import type { ManifestFile } from './manifest-files.js';

const MAX_ALIASES = 100;

/** Objects of all files, with an issue for each document that is none. `List` kinds are flattened. */
export function parseManifests(files: readonly ManifestFile[]): { objects: KubeObject[]; issues: Issue[] } {
  const objects: KubeObject[] = [];
  const issues: Issue[] = [];
  for (const file of files) {
    const lines = new LineCounter();
    const tokens = new Parser(lines.addNewLine).parse(file.text);
    // One document after another: a file of thousands would otherwise be held whole, at many times its size.
    for (const document of new Composer({ uniqueKeys: true }).compose(tokens)) {
      const found = readDocument(document, lines);
      if ('reason' in found) issues.push(agentIssue('ISM0411', { message: `${file.path}: ${found.reason}`, path: '' }));
      else objects.push(...found.objects);
    }
  }
  return { objects, issues };
}

type Found = { objects: KubeObject[] } | { reason: string };

function readDocument(document: Document.Parsed, lines: LineCounter): Found {
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    return { reason: `${error.message} at line ${String(line)}, column ${String(col)}` };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (problem) {
    return { reason: problem instanceof Error ? problem.message : String(problem) };
  }
  return value === null || value === undefined ? { objects: [] } : toObjects(value);
}

function toObjects(value: unknown): Found {
  if (isList(value)) {
    const found = value.items.map(toObjects);
    const wrong = found.find((item) => 'reason' in item);
    return wrong ?? { objects: found.flatMap((item) => ('objects' in item ? item.objects : [])) };
  }
  return isObject(value)
    ? { objects: [value] }
    : { reason: 'the document is no Kubernetes object (apiVersion, kind and metadata.name are needed)' };
}

function isList(value: unknown): value is { items: unknown[] } {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, items } = value as { kind?: unknown; items?: unknown };
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
}

function isObject(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null) return false;
  const { apiVersion, kind, metadata } = value as Partial<KubeObject>;
  return (
    typeof apiVersion === 'string' &&
    typeof kind === 'string' &&
    typeof metadata === 'object' &&
    typeof metadata?.name === 'string'
  );
}
