/** Why the embedded server could not start; each has one thing that a person can do about it. */
export type EmbeddedPostgresFailure =
  | 'PORT_BUSY'
  | 'DATA_DIR_IN_USE'
  | 'DATA_DIR_UNWRITABLE'
  | 'VERSION_MISMATCH'
  | 'BINARIES_MISSING'
  | 'NO_USER'
  | 'START_FAILED';

/** Thrown by startEmbeddedPostgres; `message` says what to do. */
export class EmbeddedPostgresError extends Error {
  constructor(
    readonly code: EmbeddedPostgresFailure,
    message: string,
  ) {
    super(message);
    this.name = 'EmbeddedPostgresError';
  }
}
