import { ANNOTATIONS, type KubeObject } from '@isthmus/domain';
import { renderYaml } from '@isthmus/meshes';

/** YAML for people: the hash of the content would only say again that the content differs. Empty for no object. */
export function objectYaml(object: KubeObject | undefined): string {
  if (object === undefined) return '';
  const { [ANNOTATIONS.contentHash]: _hash, ...annotations } = object.metadata.annotations ?? {};
  return renderYaml([{ ...object, metadata: { ...object.metadata, annotations } }]);
}
