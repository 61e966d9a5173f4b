import type { GnsView, Issue, KubeObject, LocalFacts, MeshKind } from '@isthmus/domain';

/** Which side of a host an object belongs to: owner-side objects are applied first and removed last. */
export type Side = 'owner' | 'client';

/** One object to apply, with the place in the push order that `data-path.md` rule 4 asks for. */
export interface RenderedObject {
  side: Side;
  /** Host the object serves; undefined for objects of the whole global namespace. */
  host?: string;
  /** Apply order inside a side; lower first, removal in reverse. */
  order: number;
  object: KubeObject;
}

/** Objects and diagnostics: same input, same bytes; both sorted. */
export interface RenderResult {
  objects: RenderedObject[];
  issues: Issue[];
}

/** Turns one global namespace into one mesh's own configuration for one cluster. Pure. */
export interface MeshRenderer {
  readonly kind: MeshKind;
  /** Renders everything of the global namespace in this cluster. Equal to the union of `renderShared` and `renderHost` of each host. */
  render(view: GnsView, local: LocalFacts): RenderResult;
}
