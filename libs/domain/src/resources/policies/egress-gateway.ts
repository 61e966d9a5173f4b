import * as z from 'zod';
import { report, whole } from '../schema/checked.js';
import { labels, name } from '../schema/metadata.js';

/** Ports on which every proxy listens for purposes of its own. */
const TAKEN: ReadonlySet<number> = new Set([15000, 15001, 15004, 15006, 15008, 15020, 15021, 15053, 15090]);

const port = whole(1, 65_535, 'Port on which the gateway takes in what goes out; default 15444.').superRefine(
  (number, context) => {
    const message = `port ${number} is one that proxies need themselves`;
    if (TAKEN.has(number)) report(context, { code: 'ISM0927', message });
  },
);

/** Field `via` of what may go through an egress gateway. */
export const via = z
  .strictObject({
    namespace: name('Namespace of the gateway workload; Secrets that it needs are there too.', 'Namespace'),
    selector: labels('Pod labels of the gateway workload, which no other gateway has.', { mayBeEmpty: false }),
    port: port.optional(),
  })
  .meta({ description: 'The egress gateway through which it is called, in each cluster whose workloads call it.' });

export type Via = z.output<typeof via>;
