import { resourceType, type ResourceType } from './resource-type.js';
import { fail, succeed, type KubeResult } from './result.js';
import type { KubeTransport } from './transport.js';

interface ResourceList {
  resources?: { name?: string; kind?: string; namespaced?: boolean }[];
}

/** How long a missing kind counts as missing: a CRD may be installed at any time. */
const MISSING_LIFE_MS = 15_000;

/** Which kinds an apiserver serves. What was found stays; what was missing is asked again. */
export class Discovery {
  readonly #groups = new Map<string, { types: Promise<KubeResult<ResourceType[]>>; at: number }>();

  constructor(private readonly transport: KubeTransport) {}

  /** The kind, or a failure `notServed` that says what is missing. */
  async find(apiVersion: string, kind: string): Promise<KubeResult<ResourceType>> {
    const types = await this.#typesOf(apiVersion, kind);
    if (!types.ok) {
      if (types.failure.kind !== 'notServed' && types.failure.kind !== 'notFound') return types;
      return missing(apiVersion, kind);
    }
    const type = types.value.find((candidate) => candidate.kind === kind);
    return type === undefined ? missing(apiVersion, kind) : succeed(type);
  }

  /** Names of the kinds that a group version has now: asked anew, and what is found is remembered. None if it is not served. */
  async kindsOf(apiVersion: string): Promise<KubeResult<string[]>> {
    const types = this.#ask(apiVersion);
    const answer = await types;
    if (!answer.ok)
      return answer.failure.kind === 'notFound' || answer.failure.kind === 'notServed' ? succeed([]) : answer;
    this.#groups.set(apiVersion, { types, at: performance.now() });
    return succeed(answer.value.map(({ kind }) => kind));
  }

  /** Forgets a group version, as after an answer that it is not served any more. */
  forget(apiVersion: string): void {
    this.#groups.delete(apiVersion);
  }

  async #typesOf(apiVersion: string, kind: string): Promise<KubeResult<ResourceType[]>> {
    const known = this.#groups.get(apiVersion);
    if (known !== undefined) {
      const result = await known.types;
      const has = result.ok && result.value.some((type) => type.kind === kind);
      const isFatal = !result.ok && result.failure.kind === 'transient';
      if (has || (!isFatal && performance.now() - known.at < MISSING_LIFE_MS)) return result;
    }
    const types = this.#ask(apiVersion);
    this.#groups.set(apiVersion, { types, at: performance.now() });
    return types;
  }

  async #ask(apiVersion: string): Promise<KubeResult<ResourceType[]>> {
    const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const answer = await this.transport.request({ method: 'GET', path });
    if (!answer.ok) return answer;
    const { resources = [] } = answer.value.body as ResourceList;
    return succeed(
      resources.flatMap(({ name = '', kind = '', namespaced = false }) =>
        name === '' || name.includes('/') ? [] : [{ ...resourceType(apiVersion, kind, name), namespaced }],
      ),
    );
  }
}

function missing<T>(apiVersion: string, kind: string): KubeResult<T> {
  const message = `the cluster does not serve ${kind} of ${apiVersion}; is its CRD installed?`;
  return fail({ kind: 'notServed', message, status: 404 });
}
