import { ISSUE_CATALOG } from '@isthmus/domain';

/** Why nobody was signed in. */
export type SignInFault =
  'ISM0578' | 'ISM0989' | 'ISM0990' | 'ISM0991' | 'ISM0992' | 'ISM0993' | 'ISM0994' | 'ISM0995' | 'ISM0996' | 'ISM0998';

const STATUS: Readonly<Record<SignInFault, number>> = {
  ISM0578: 403,
  ISM0989: 403,
  ISM0990: 400,
  ISM0991: 400,
  ISM0992: 403,
  ISM0993: 403,
  ISM0994: 502,
  ISM0995: 403,
  ISM0996: 429,
  ISM0998: 404,
};

/** A sign-in that was refused: told to the person with its number, counted in the audit log. */
export class SignInError extends Error {
  readonly status: number;

  constructor(
    readonly fault: SignInFault,
    /** For the log alone. */
    readonly detail = '',
    readonly more: { retryAfterSeconds?: number; isAudited?: boolean } = {},
  ) {
    super(ISSUE_CATALOG[fault].title);
    this.status = STATUS[fault];
  }
}
