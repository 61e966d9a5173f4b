/** Versions of the compiler that this release carries: the recorded one of a global namespace is used, so a deploy changes no tree. */
export const COMPILER_VERSIONS = [1] as const;

export type CompilerVersion = (typeof COMPILER_VERSIONS)[number];

/** The version that new global namespaces are recorded with. */
export const CURRENT_COMPILER: CompilerVersion = 1;

/** True if this release carries that version. */
export function isCompilerVersion(version: number): version is CompilerVersion {
  return COMPILER_VERSIONS.some((carried) => carried === version);
}
