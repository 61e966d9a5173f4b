import type { RenderedTarget } from './render-target.js';

/** Objects that are kept in all, some 2 kB each. */
const MAX_OBJECTS = 20_000;

interface Kept {
  target: Promise<RenderedTarget | undefined>;
  objects: number;
  until: number;
}

/** What was rendered last, by what it was rendered from: the same is rendered once, also for those who ask at the same time. */
export class RenderCache {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly limit = MAX_OBJECTS) {}

  /** What is kept of the key, or else what `render` gives; what failed is not kept. */
  async get(
    key: string,
    now: number,
    render: () => Promise<RenderedTarget | undefined>,
  ): Promise<RenderedTarget | undefined> {
    const known = this.kept.get(key);
    this.kept.delete(key);
    const entry = known !== undefined && now < known.until ? known : this.begin(key, render);
    this.kept.set(key, entry);
    return entry.target;
  }

  private begin(key: string, render: () => Promise<RenderedTarget | undefined>): Kept {
    const entry: Kept = { target: render(), objects: 0, until: Infinity };
    entry.target.then(
      (target) => {
        entry.objects = target?.objects.length ?? 0;
        entry.until = target?.until ?? Infinity;
        this.makeRoom();
      },
      () => this.kept.get(key) === entry && this.kept.delete(key),
    );
    return entry;
  }

  /** The last one asked for stays, however large it is. */
  private makeRoom(): void {
    let objects = [...this.kept.values()].reduce((sum, one) => sum + one.objects, 0);
    for (const [key, one] of this.kept) {
      if (objects <= this.limit || this.kept.size === 1) return;
      this.kept.delete(key);
      objects -= one.objects;
    }
  }
}
