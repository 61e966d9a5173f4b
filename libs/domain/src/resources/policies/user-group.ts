import * as z from 'zod';
import { list, text } from '../schema/checked.js';
import { checkClaimName, checkExact, checkPattern } from '../text/requests.js';

/** A claim of a token, by its path, with values of which one must hold. */
export const claim = z
  .strictObject({
    path: list(text(checkClaimName, { description: 'Name of a claim, or of a field inside one.' }), {
      description: 'Where the claim is: [groups], or [realm_access, roles] for a nested one.',
      whenEmpty: 'ISM0020',
    }),
    values: list(text(checkPattern, { description: 'A value; * only at its start or end.' }), {
      description: 'Values, ORed; of a claim that is a list one element must be one of them.',
      whenEmpty: 'ISM0020',
    }),
  })
  .meta({ description: 'A claim of the token.' });

const member = z
  .strictObject({
    issuer: text(checkExact, { description: 'Issuer of the token, exactly as in its claim iss.' }),
    subjects: list(text(checkExact, { description: 'A subject, exactly as in the claim sub.' }), {
      description: 'Subjects, ORed; left out: all of the issuer.',
      whenEmpty: 'ISM0020',
    }).optional(),
    claims: list(claim, { description: 'Claims, ANDed.', whenEmpty: 'ISM0020' }).optional(),
  })
  .meta({ description: 'Somebody: the given fields are ANDed.' });

/** Spec of a UserGroup: who is in it, by what their tokens say. */
export const userGroupSpec = z
  .strictObject({ members: list(member, { description: 'Who is in the group, ORed.', whenEmpty: 'ISM0020' }) })
  .meta({ description: 'People and machines by the claims of their tokens (JWT), to be named in access policies.' });

export type UserGroupSpec = z.output<typeof userGroupSpec>;
