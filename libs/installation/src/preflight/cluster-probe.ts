import type { KubeObject } from '@isthmus/domain';

/** An answer of a cluster, or why there is none. */
export type Answer<T> = { ok: true; value: T } | { ok: false; failure: { kind: string; message: string } };

/** Something that somebody may be allowed to do; without a namespace it is meant for all of them. */
export interface AccessQuestion {
  verb: string;
  group: string;
  resource: string;
  name?: string | undefined;
  namespace?: string | undefined;
}

interface Kind {
  apiVersion: string;
  kind: string;
  plural: string;
  namespaced: boolean;
}

interface Listing {
  type: Kind;
  namespace?: string | undefined;
  fieldSelector?: string | undefined;
  continueAt?: string | undefined;
}

/** What a preflight asks of a cluster; it only reads. */
export interface ClusterProbe {
  version(): Promise<Answer<string>>;
  /** Whether who asks may do it, or the ServiceAccount that is named. */
  allows(question: AccessQuestion, account?: { namespace: string; name: string }): Promise<Answer<boolean>>;
  list(listing: Listing): Promise<Answer<{ items: KubeObject[]; next?: string }>>;
  readonly discovery: { find(apiVersion: string, kind: string): Promise<Answer<unknown>> };
}

/** Whole lists are for small kinds only; this many pages are enough to see a mesh. */
const MOST_PAGES = 20;

/** Every object of a kind, page by page. */
export async function listed(probe: ClusterProbe, listing: Listing): Promise<Answer<KubeObject[]>> {
  const items: KubeObject[] = [];
  let continueAt: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await probe.list({ ...listing, continueAt });
    if (!answer.ok) return answer;
    items.push(...answer.value.items);
    continueAt = answer.value.next;
    if (continueAt === undefined) break;
  }
  return { ok: true, value: items };
}
