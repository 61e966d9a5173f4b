import { expect, it } from 'vitest';
import { nameFault } from './names.mjs';

it.each([
  'libs/domain/src/utils.ts',
  'libs/domain/src/helpers/x.ts',
  'libs/slo/src/GnsView.ts',
  'libs/slo/src/gns_view.ts',
])('%s is refused', (file) => {
  expect(nameFault(file)).toBeDefined();
});

it.each(['libs/slo/src/gns-view.ts', 'libs/slo/src/gns-view.int.spec.ts', 'apps/api/src/env.ts'])(
  '%s is fine',
  (file) => {
    expect(nameFault(file)).toBeUndefined();
  },
);
