import { EDGE_VERSIONS, kubernetesBinaries, type EdgeVersion } from '@isthmus/kube';

/** For `real('kubernetes', probeKubernetes)`: undefined when both binaries are there, else why not. */
export function probeKubernetes(): string | undefined {
  return reasonAgainst([undefined]);
}

/** For `real('kubernetes-versions', probeKubernetesVersions)`: the oldest and the newest supported apiserver. */
export function probeKubernetesVersions(): string | undefined {
  return reasonAgainst(EDGE_VERSIONS);
}

function reasonAgainst(versions: readonly (EdgeVersion | undefined)[]): string | undefined {
  try {
    for (const version of versions) kubernetesBinaries(version);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
