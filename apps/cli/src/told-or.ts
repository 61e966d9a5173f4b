/**
 * What the system says, or something else where it throws: in a container whose user has no entry, neither its name nor its home folder is
 * known, and nothing that does without may fail for that.
 */
export function toldOr<T>(ask: () => T, otherwise: T): T {
  try {
    return ask();
  } catch {
    return otherwise;
  }
}
