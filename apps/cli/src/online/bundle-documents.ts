import { join } from 'node:path';
import { hasErrors, parseBundle, type Issue } from '@isthmus/domain';
import { readBundle } from '../bundle/bundle-reader.js';
import { readStdinBundle, STDIN, STDIN_TITLE } from '../bundle/stdin-bundle.js';
import type { Terminal } from '../terminal.js';
import { withFile } from './answers.js';

/** The documents of a bundle that go to the server. */
export interface BundleDocuments {
  files: { path: string; text: string }[];
  resources: ReturnType<typeof parseBundle>['resources'];
  /** Issues found before anything was sent. */
  issues: Issue[];
  /** Gives an issue of the server the file name that the user knows. */
  show: (one: Issue) => Issue;
}

/** Reads `-f`: a folder, a file, or `-`. Files without resources of ours (plain manifests) are left out. */
export async function bundleDocuments(terminal: Terminal, filename: string): Promise<BundleDocuments> {
  const read = filename === STDIN ? await readStdinBundle(terminal) : await readBundle(filename);
  const bundle = parseBundle(read.files);
  const name = (file: string) => (filename === STDIN ? STDIN_TITLE : read.isFolder ? join(filename, file) : filename);
  const show = (one: Issue) => withFile(one.source ? one : { ...one, source: { file: '', line: 1, column: 1 } }, name);
  const relevant = bundle.issues.filter(({ code }) => code !== 'ISM0102');
  const ours = new Set(bundle.resources.map(({ source }) => source.file));
  const issues = [...read.issues, ...relevant].map(show);
  return {
    files: hasErrors(issues) ? [] : read.files.filter(({ path }) => ours.has(path)),
    resources: bundle.resources,
    issues,
    show: (one) => withFile(one, name),
  };
}
