const KEY = 'isthmus-single-keys';

/** Whether shortcuts of one key count in this browser: who speaks to it or shakes may not want them. */
export function hasSingleKeys(store: Pick<Storage, 'getItem'>): boolean {
  return store.getItem(KEY) !== 'off';
}

/** Lets them count, or not. */
export function setSingleKeys(store: Pick<Storage, 'setItem'>, on: boolean): void {
  store.setItem(KEY, on ? 'on' : 'off');
}
