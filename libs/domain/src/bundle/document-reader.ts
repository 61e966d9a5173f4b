import type { Issue, SourcePosition } from '../issues/issue.js';
import type { BundleFile } from './bundle.js';
import { readPlainDocuments } from './plain-yaml.js';
import { readThoroughly, type SourceDocument } from './yaml-document.js';

/** Text of the files whose places are kept at hand. */
const KEPT = 4 * 1024 * 1024;

/** A document of a file, which begins at `start`. */
export interface ReadDocument {
  file: BundleFile;
  /** Its number among the documents of the file that are not empty and not faulty. */
  index: number;
  value: unknown;
  start: SourcePosition;
}

/** A place that an issue points at: a field of a document, or its key. */
export interface Place {
  document: ReadDocument;
  path: string;
  part?: 'key';
}

/**
 * Reads files, and finds places in them. Places are seldom asked for, and the syntax trees that know them take twenty times the
 * memory of the text: so plain files are read without, and a file is read again when one of its places is asked for.
 */
export class DocumentReader {
  private readonly kept = new Map<BundleFile, readonly SourceDocument[]>();

  /** The documents of a YAML or JSON file; empty ones are left out, malformed ones become issues. Never throws. */
  read(file: BundleFile): { documents: ReadDocument[]; issues: Issue[] } {
    const plain = readPlainDocuments(file.text);
    if (plain !== undefined) {
      const starts = positionsIn(
        file,
        plain.map(({ start }) => start),
      );
      return {
        documents: plain.map(({ value }, index) => documentOf(file, { index, value, start: starts[index] })),
        issues: [],
      };
    }
    const { documents, issues } = readThoroughly(file);
    this.keep(file, documents);
    const found = documents.map(({ value, positionOf }, index) =>
      documentOf(file, { index, value, start: positionOf('') }),
    );
    return { documents: found, issues };
  }

  /** Position of the place: of a field, its key, or the nearest mapping or list around it that exists. */
  position({ document, path, part }: Place): SourcePosition {
    if (path === '') return document.start;
    const { file, index, start } = document;
    const documents = this.kept.get(file) ?? this.keep(file, readThoroughly(file).documents);
    return documents[index]?.positionOf(path, part) ?? start;
  }

  /** Positions of many places, in their order; reads no file twice. */
  positions(places: readonly Place[]): SourcePosition[] {
    const found = new Map<Place, SourcePosition>();
    for (const group of byFile(places).values()) for (const place of group) found.set(place, this.position(place));
    return places.map((place) => found.get(place) ?? place.document.start);
  }

  private keep(file: BundleFile, documents: readonly SourceDocument[]): readonly SourceDocument[] {
    let size = file.text.length;
    for (const [other] of [...this.kept].reverse()) {
      size += other.text.length;
      if (size > KEPT) this.kept.delete(other);
    }
    this.kept.set(file, documents);
    return documents;
  }
}

function byFile(places: readonly Place[]): Map<BundleFile, Place[]> {
  const groups = new Map<BundleFile, Place[]>();
  for (const place of places) {
    const group = groups.get(place.document.file) ?? [];
    groups.set(place.document.file, group);
    group.push(place);
  }
  return groups;
}

function documentOf(
  file: BundleFile,
  { index, value, start }: { index: number; value: unknown; start: SourcePosition | undefined },
): ReadDocument {
  return { file, index, value, start: start ?? { file: file.path, line: 1, column: 1 } };
}

/** Line and column of ascending offsets. */
function positionsIn({ path, text }: BundleFile, offsets: readonly number[]): SourcePosition[] {
  let [line, lineStart] = [1, 0];
  return offsets.map((offset) => {
    for (let next = text.indexOf('\n', lineStart); next !== -1 && next < offset; next = text.indexOf('\n', lineStart)) {
      line += 1;
      lineStart = next + 1;
    }
    return { file: path, line, column: offset - lineStart + 1 };
  });
}
