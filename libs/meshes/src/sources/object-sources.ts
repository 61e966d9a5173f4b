import { byCodeUnit, objectKey, type GnsView, type HostView, type LocalFacts } from '@isthmus/domain';
import { renderedHash } from '../content-hash.js';
import type { MeshRenderer, RenderedObject } from '../renderer.js';
import { comparisonsOf, type ObjectSource, type Part } from './comparisons.js';

/** What objects are rendered from. */
export interface SourcesInput {
  renderer: MeshRenderer;
  view: GnsView;
  local: LocalFacts;
  /** The policy whose mode of encryption the view has: the view does not name it. */
  encryption?: ObjectSource | undefined;
}

type Hashes = ReadonlyMap<string, string>;

const bySource = (a: ObjectSource, b: ObjectSource): number =>
  byCodeUnit(`${a.kind}/${a.project}/${a.name}`, `${b.kind}/${b.project}/${b.name}`);

function withSource(known: readonly ObjectSource[], source: ObjectSource): ObjectSource[] {
  return [...known.filter((one) => bySource(one, source) !== 0), source].sort(bySource);
}

/**
 * Tells where rendered objects come from, whatever the mesh: an object comes from a policy or resource without which it would be
 * another or not be there, if nothing that lost against that stepped in. Every object comes from its global namespace, which is the
 * first of its sources.
 */
export class ObjectSources {
  private readonly hosts: ReadonlyMap<string, HostView>;
  private readonly known = new Map<string, ReadonlyMap<string, ObjectSource[]>>();

  constructor(private readonly input: SourcesInput) {
    this.hosts = new Map(input.view.hosts.map((one) => [one.host.host, one]));
  }

  /** Sources of the object. `budget` is taken as many renderings as it costs; undefined, and nothing is taken, if that is too little. */
  of({ host = '', object }: RenderedObject, budget: { left: number }): ObjectSource[] | undefined {
    const found = this.known.get(host) ?? this.look(host, budget);
    if (found === undefined) return undefined;
    const { project, name } = this.input.view.gns;
    return [{ kind: 'GlobalNamespace', project, name }, ...(found.get(objectKey(object)) ?? [])];
  }

  private look(host: string, budget: { left: number }): ReadonlyMap<string, ObjectSource[]> | undefined {
    const { view, local, encryption } = this.input;
    const hostView = this.hosts.get(host);
    const comparisons = comparisonsOf({ view, ...(hostView && { host: hostView }) }, local, encryption);
    if (comparisons.length > budget.left) return undefined;
    budget.left -= comparisons.length;
    const rendered = new Map<Part, Hashes>();
    const found = new Map<string, ObjectSource[]>();
    for (const { source, with: base, without } of comparisons) {
      const before = this.hashes(base, rendered);
      const after = this.hashes(without, rendered);
      for (const [key, hash] of before)
        if (after.get(key) !== hash) found.set(key, withSource(found.get(key) ?? [], source));
    }
    this.known.set(host, found);
    return found;
  }

  private hashes(part: Part, rendered: Map<Part, Hashes>): Hashes {
    const known = rendered.get(part);
    if (known !== undefined) return known;
    const prepared = this.input.renderer.prepare(part.view, this.input.local);
    const { objects } = part.host === undefined ? prepared.shared() : prepared.host(part.host);
    const hashes = new Map(objects.map(({ object }) => [objectKey(object), renderedHash(object)]));
    rendered.set(part, hashes);
    return hashes;
  }
}
