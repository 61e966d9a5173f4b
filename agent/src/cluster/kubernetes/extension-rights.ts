import type { KubeClient } from '@isthmus/kube';
import type { Clock } from '@isthmus/platform';

/** Kinds that an installation may leave out of the agent's roles. */
const EXTENSIONS = [
  { kind: 'networking.istio.io/v1alpha3/EnvoyFilter', group: 'networking.istio.io', resource: 'envoyfilters' },
] as const;

/** How long an answer counts: a role that was widened is noticed without a restart. */
const FRESH_MS = 60_000;

/** Asks the apiserver, seldom, which kinds this agent may not write, before it renders some. */
export class ExtensionRights {
  #denied: readonly string[] = [];
  #askedAt: number | undefined;

  constructor(
    private readonly client: Pick<KubeClient, 'allows'>,
    private readonly context: { namespace: string; clock: Pick<Clock, 'monotonicMs'> },
  ) {}

  /** Kinds as `group/version/Kind`; what cannot be asked counts as allowed, and is told when a write is refused. */
  async denied(): Promise<readonly string[]> {
    const now = this.context.clock.monotonicMs();
    if (this.#askedAt !== undefined && now - this.#askedAt < FRESH_MS) return this.#denied;
    this.#askedAt = now;
    const answers = await Promise.all(EXTENSIONS.map(async (of) => ((await this.#mayWrite(of)) ? [] : [of.kind])));
    this.#denied = answers.flat();
    return this.#denied;
  }

  /** Everywhere, or in its own namespace, which is among those in which it may write if it may write at all. */
  async #mayWrite({ group, resource }: (typeof EXTENSIONS)[number]): Promise<boolean> {
    const question = { verb: 'create', group, resource };
    const everywhere = await this.client.allows(question);
    if (!everywhere.ok || everywhere.value) return true;
    const here = await this.client.allows({ ...question, namespace: this.context.namespace });
    return !here.ok || here.value;
  }
}
