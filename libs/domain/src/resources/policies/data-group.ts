import * as z from 'zod';
import { list, report } from '../schema/checked.js';
import { placeFields, reportPorts } from './allowance.js';
import { waysOf } from '../schema/variants.js';

const member = z
  .strictObject(placeFields)
  .superRefine((value, context) => {
    if ((value.hosts === undefined) === (value.cidrs === undefined))
      report(context, { code: 'ISM0922', message: 'a member has either hosts or cidrs' });
    reportPorts(value, context);
  })
  .meta({
    description: 'Hosts or networks, with their ports.',
    ...waysOf([
      { title: 'Hosts', has: ['hosts'], may: ['ports'] },
      { title: 'Networks', has: ['cidrs', 'ports'] },
    ]),
  });

/** Spec of a DataGroup: where some data is, outside of the mesh. */
export const dataGroupSpec = z
  .strictObject({ members: list(member, { description: 'Members, ORed.', whenEmpty: 'ISM0020' }) })
  .meta({ description: 'Hosts and networks outside of the mesh, by their ports, to be named in egress policies.' });

export type DataGroupSpec = z.output<typeof dataGroupSpec>;
