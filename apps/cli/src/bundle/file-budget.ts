/** What is read of one bundle at most. */
export const LIMITS = {
  files: 50_000,
  fileBytes: 32 * 1024 * 1024,
  bundleBytes: 256 * 1024 * 1024,
} as const;

/** Counts what was read against the limits. */
export class FileBudget {
  private files = 0;
  private bytes = 0;

  /** Why a file of that size may not be read, or undefined after counting it. */
  refuse(size: number): string | undefined {
    if (size > LIMITS.fileBytes) return `the file has ${size} bytes, ${LIMITS.fileBytes} are allowed`;
    this.files += 1;
    this.bytes += size;
    if (this.files > LIMITS.files) return `the bundle has more than ${LIMITS.files} files`;
    return this.bytes > LIMITS.bundleBytes ? `the bundle has more than ${LIMITS.bundleBytes} bytes` : undefined;
  }
}
