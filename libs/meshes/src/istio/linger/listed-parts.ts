import { byCodeUnit } from '@isthmus/domain';
import type { NamedParts } from '../../named-parts.js';
import { isItem, specItems, withSpecItems, type Item } from './spec-items.js';

/** Parts that are items of one list, each with a name of its own; those that are kept come last. */
function listedParts(field: string, nameOf: (item: Item) => string): NamedParts {
  return {
    lost(standing, wanted) {
      const names = new Set(specItems(wanted, field).map(nameOf));
      const lost = specItems(standing, field).map(nameOf);
      return [...new Set(lost.filter((name) => !names.has(name)))].sort(byCodeUnit);
    },
    keep(standing, wanted, parts) {
      const kept = specItems(standing, field).filter((item) => parts.has(nameOf(item)));
      kept.sort((a, b) => byCodeUnit(nameOf(a), nameOf(b)));
      return withSpecItems(wanted, field, [...specItems(wanted, field), ...kept]);
    },
  };
}

/** Routes name subsets. */
export const destinationRuleParts = listedParts('subsets', ({ name }) => String(name));

/** Proxies of other clusters dial ports of gateways. */
export const gatewayParts = listedParts('servers', ({ port }) => String(isItem(port) ? port['number'] : undefined));
