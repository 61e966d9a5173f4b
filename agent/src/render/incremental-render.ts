import { ANNOTATIONS, objectKey, sortIssues } from '@isthmus/domain';
import type { HostView, LocalFacts } from '@isthmus/domain';
import { rendererFor } from '@isthmus/meshes';
import type { PreparedRender, RenderedObject, RenderResult } from '@isthmus/meshes';
import { breathe } from '../breathe.js';
import { readView, unreadable } from './render-gns.js';
import type { ReadableView } from './render-gns.js';
import type { GnsRender, RenderGns } from './wish.js';

interface RenderedHost {
  view: HostView;
  result: RenderResult;
}

/** The last rendering of one global namespace, in its parts. */
interface Parts {
  fingerprint: string;
  shared: RenderResult;
  hosts: ReadonlyMap<string, RenderedHost>;
}

interface Remembered {
  policy: string;
  catalog: string;
  facts: string;
  parts: Parts | undefined;
  result: GnsRender;
}

/**
 * Renders as `renderGns` does, and only what changed: the same trees and facts give the same result again, and while the renderer's
 * fingerprint stays, a host whose entries did not change is not rendered. An object that comes out as before is the very same one.
 */
export function incrementalRender(): RenderGns {
  const last = new Map<string, Remembered>();
  return async (request, local) => {
    const { gns, policy, catalog } = request;
    const at = { policy: policy.root, catalog: catalog.root, facts: JSON.stringify(local) };
    const known = last.get(gns);
    if (known?.facts === at.facts && known.policy === at.policy && known.catalog === at.catalog) return known.result;
    const read = readView(request, local);
    const parts = read.kind === 'view' ? await renderParts(read, local, known?.parts) : known?.parts;
    const result = read.kind === 'view' && parts !== undefined ? joined(read, parts) : unreadable(read.issues);
    last.set(gns, { ...at, parts, result });
    return result;
  };
}

async function renderParts({ mesh, view }: ReadableView, local: LocalFacts, before: Parts | undefined): Promise<Parts> {
  const prepared = rendererFor(mesh).prepare(view, local);
  const fingerprint = `${mesh} ${prepared.fingerprint}`;
  const isSame = before?.fingerprint === fingerprint;
  const hosts = new Map<string, RenderedHost>();
  for (const host of view.hosts) {
    await breathe();
    const known = before?.hosts.get(host.host.host);
    const stays = isSame && known !== undefined && isUnchanged(known.view, host);
    hosts.set(host.host.host, stays ? known : renderHost(prepared, host, known));
  }
  return { fingerprint, shared: reusing(before?.shared, prepared.shared()), hosts };
}

function renderHost(prepared: PreparedRender, view: HostView, known: RenderedHost | undefined): RenderedHost {
  return { view, result: reusing(known?.result, prepared.host(view)) };
}

/** Entries are values that trees share: an entry that did not change is the same one. */
function isUnchanged(before: HostView, now: HostView): boolean {
  return (
    before.host === now.host &&
    isSameList(before.members, now.members) &&
    isSameList(before.blocks ?? [], now.blocks ?? []) &&
    (before.groups ?? []).join() === (now.groups ?? []).join()
  );
}

function isSameList<T>(before: readonly T[], now: readonly T[]): boolean {
  return before.length === now.length && now.every((item, index) => item === before[index]);
}

/** Puts the objects from before in the place of equal ones, so that who compares by identity sees what changed. */
function reusing(before: RenderResult | undefined, now: RenderResult): RenderResult {
  if (before === undefined || before.objects.length === 0) return now;
  const known = new Map(before.objects.map((rendered) => [objectKey(rendered.object), rendered]));
  const objects = now.objects.map((rendered) => {
    const same = known.get(objectKey(rendered.object));
    return same !== undefined && isEqual(same, rendered) ? same : rendered;
  });
  return { ...now, objects };
}

function isEqual(a: RenderedObject, b: RenderedObject): boolean {
  const hash = hashOf(a);
  return hash !== undefined && hash === hashOf(b) && a.side === b.side && a.order === b.order && a.host === b.host;
}

/** Renderers write the hash of its content into each object. */
function hashOf({ object }: RenderedObject): string | undefined {
  return object.metadata.annotations?.[ANNOTATIONS.contentHash];
}

function joined(read: ReadableView, { shared, hosts }: Parts): GnsRender {
  const results = [shared, ...[...hosts.values()].map(({ result }) => result)];
  const issues = [...read.issues, ...sortIssues(results.flatMap((result) => result.issues))];
  if (results.some(({ keep }) => keep === true)) return unreadable(issues);
  return { kind: 'objects', objects: results.flatMap(({ objects }) => objects), keepHosts: read.keepHosts, issues };
}
