import type { GnsView, HostView, Issue, KubeObject, KubeObjectRef, LocalFacts, MeshKind } from '@isthmus/domain';

/** Which side of a host an object belongs to: owner-side objects are applied first and removed last. */
export type Side = 'owner' | 'client';

/** One object to apply, with its place in the push order: owner before client, and by `order` inside a side. */
export interface RenderedObject {
  side: Side;
  /** Host the object serves; undefined for objects of the whole global namespace. */
  host?: string;
  /** Apply order inside a side; lower first, removal in reverse. */
  order: number;
  /**
   * Apply order once the host has an object of this kind in that namespace: its address is known then, and what its routes
   * will lead to must be there before them.
   */
  orderOnceKnown?: number;
  object: KubeObject;
}

/** Objects and diagnostics: same input, same bytes; both sorted. */
export interface RenderResult {
  objects: RenderedObject[];
  issues: Issue[];
  /** Nothing could be rendered here and the issues say why: what is in the cluster stays, because no objects does not mean none wanted. */
  keep?: true;
}

/** An object by its names, with its place in the push order. */
export type OutlinedObject = Pick<RenderedObject, 'side' | 'order'> & { object: KubeObjectRef };

/** What would be rendered, without its content: same order, same issues. */
export interface RenderOutline {
  objects: OutlinedObject[];
  issues: Issue[];
}

/** A global namespace made ready for rendering in one cluster, host by host. */
export interface PreparedRender {
  /**
   * Hash of everything but the hosts' own content. As long as it stays the same, a host whose `HostView` did not change
   * renders to the same bytes: only changed hosts need `host` again. When it changes, everything does.
   */
  readonly fingerprint: string;
  /** Objects and issues of the whole global namespace. */
  shared(): RenderResult;
  /** Objects and issues of one host. */
  host(view: HostView): RenderResult;
}

/** Turns one global namespace into one mesh's own configuration for one cluster. Pure. */
export interface MeshRenderer {
  readonly kind: MeshKind;
  /** Looks once over the whole global namespace; what it returns renders single hosts. */
  prepare(view: GnsView, local: LocalFacts): PreparedRender;
  /** Renders everything of the global namespace in this cluster: the union of `shared` and of `host` for each host. */
  render(view: GnsView, local: LocalFacts): RenderResult;
  /** The same issues as `render` and the names of its objects in the same order, for a third of its time and memory. */
  outline(view: GnsView, local: LocalFacts): RenderOutline;
}
