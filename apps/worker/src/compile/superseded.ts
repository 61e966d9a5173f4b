/** Something that this compile was made from has moved meanwhile: nothing was written, it starts again from a new snapshot. */
export class SupersededError extends Error {
  constructor(what: string) {
    super(`superseded: ${what}`);
    this.name = 'SupersededError';
  }
}
