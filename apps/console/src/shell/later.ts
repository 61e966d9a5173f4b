import { lazyRouteComponent } from '@tanstack/react-router';

/** How often a server that cannot be reached is tried. */
const AGAIN_MS = 2_000;

/** How the server is looked for and waited for. */
export interface Patience {
  isThere: () => Promise<boolean>;
  wait: () => Promise<void>;
}

const PATIENCE: Patience = {
  isThere: () =>
    fetch('/console/', { method: 'HEAD', cache: 'no-store' }).then(
      ({ ok }) => ok,
      () => false,
    ),
  wait: () => new Promise((resolve) => setTimeout(resolve, AGAIN_MS)),
};

/**
 * A page whose code is loaded when it is opened. While the server cannot be reached it is waited for. A server that is there and has no such
 * code is of another release: then the router loads the console anew, once.
 */
export const page: typeof lazyRouteComponent = (load, name) => lazyRouteComponent(() => patiently(load), name);

/** A part of a page whose code is loaded when it is shown first, for React's `lazy`: waited for and loaded anew as a `page`. */
export async function part<M extends object, N extends keyof M>(
  load: () => Promise<M>,
  name: N,
): Promise<{ default: M[N] }> {
  return { default: (await patiently(load).catch(anewOnce))[name] };
}

/** What is written is kept in the tab over that. */
function anewOnce(error: unknown): Promise<never> {
  const key = `isthmus-loaded-anew ${String(error)}`;
  if (sessionStorage.getItem(key) !== null) throw error;
  sessionStorage.setItem(key, 'yes');
  window.location.reload();
  return new Promise(() => undefined);
}

/** Loads something of the server as often as it cannot be reached; throws where it is there, twice in turn, and fails to give it. */
export async function patiently<T>(load: () => Promise<T>, { isThere, wait }: Patience = PATIENCE): Promise<T> {
  for (let wasThere = false; ;) {
    try {
      return await load();
    } catch (error) {
      const isNow = await isThere();
      if (isNow && wasThere) throw error;
      wasThere = isNow;
      if (!isNow) await wait();
    }
  }
}

/** Forgets styles that could not be loaded: Vite takes those for loaded that are named in the document, and would not load them again. */
export function forgetFailedStyles(target: EventTarget | null): void {
  if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') target.remove();
}
