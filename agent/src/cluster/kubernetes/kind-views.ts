import type { KubeObject } from '@isthmus/domain';
import { reflect, ResourceView, type KubeClient, type ReflectorOptions, type ViewState } from '@isthmus/kube';
import type { InventoryKind } from './inventory-kinds.js';

/** Where objects of one kind come from. */
export interface NamespacedSource {
  objectsOf(namespace: string): KubeObject[];
  stateOf(namespace: string): ViewState;
  /** The namespaces that exist now. */
  follow(namespaces: ReadonlySet<string>): void;
}

/** What every view of a cluster shares. */
export interface ViewContext {
  client: KubeClient;
  signal: AbortSignal;
  random: () => number;
  tuning: Pick<ReflectorOptions, 'pageSize' | 'stallMs' | 'graceMs' | 'backoffMs'>;
  /** Something of this namespace changed, in content or in how well it is known. */
  changed: (namespace: string | undefined) => void;
}

/** What is kept of an object, as JSON: a fifth of the memory of the objects themselves, which are wanted only when their namespace changes. */
type Packed = string;

interface Follower {
  view: ResourceView<Packed>;
  stop: () => void;
}

/** Objects of one kind: by one watch over the cluster, or, where that is forbidden, by one watch for each namespace. */
export class KindViews implements NamespacedSource {
  readonly #wide: Follower;
  readonly #single = new Map<string, Follower>();
  #namespaces: ReadonlySet<string> = new Set();

  constructor(
    private readonly context: ViewContext,
    private readonly kind: InventoryKind,
  ) {
    this.#wide = this.#start(undefined);
  }

  objectsOf(namespace: string): KubeObject[] {
    const packed = this.#viewOf(namespace)?.valuesOf(namespace) ?? [];
    return packed.map((text) => JSON.parse(text) as KubeObject);
  }

  stateOf(namespace: string): ViewState {
    return this.#viewOf(namespace)?.viewState ?? { state: 'syncing' };
  }

  follow(namespaces: ReadonlySet<string>): void {
    this.#namespaces = namespaces;
    const wanted = this.#isWideForbidden() ? namespaces : new Set<string>();
    for (const [namespace, { stop }] of this.#single) {
      if (wanted.has(namespace)) continue;
      stop();
      this.#single.delete(namespace);
    }
    for (const namespace of wanted) {
      if (!this.#single.has(namespace)) this.#single.set(namespace, this.#start(namespace));
    }
  }

  #isWideForbidden(): boolean {
    return this.#wide.view.viewState.state === 'forbidden';
  }

  #viewOf(namespace: string): ResourceView<Packed> | undefined {
    return this.#isWideForbidden() ? this.#single.get(namespace)?.view : this.#wide.view;
  }

  #start(namespace: string | undefined): Follower {
    const { client, signal, random, tuning, changed } = this.context;
    const { type, strip, fieldSelector } = this.kind;
    const abort = new AbortController();
    const end = (): void => abort.abort();
    signal.addEventListener('abort', end, { once: true });
    const view = new ResourceView<Packed>({
      strip: (object) => packed(strip(object)),
      changed: (at) => changed(at),
      stateChanged: () => {
        if (namespace === undefined) this.follow(this.#namespaces);
        changed(namespace);
      },
    });
    void reflect({ ...tuning, client, type, namespace, fieldSelector, random, sink: view, signal: abort.signal });
    return {
      view,
      stop: () => {
        signal.removeEventListener('abort', end);
        end();
      },
    };
  }
}

function packed(stripped: KubeObject | undefined): Packed | undefined {
  return stripped && JSON.stringify(stripped);
}
