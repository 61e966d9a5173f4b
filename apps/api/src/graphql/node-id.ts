import { POLICY_KINDS, textFault, type PolicyKind } from '@isthmus/domain';

/** A type whose objects have a global id. */
export type NodeType =
  | PolicyKind
  | 'Organization'
  | 'Project'
  | 'Cluster'
  | 'ClusterGroup'
  | 'GlobalNamespace'
  | 'GlobalService'
  | 'Revision'
  | 'Target'
  | 'Hold'
  | 'ApiToken'
  | 'RoleBinding';

/** Types whose objects have a global id. */
export const NODE_TYPES: readonly NodeType[] = [
  'Organization',
  'Project',
  'Cluster',
  'ClusterGroup',
  'GlobalNamespace',
  ...POLICY_KINDS,
  'GlobalService',
  'Revision',
  'Target',
  'Hold',
  'ApiToken',
  'RoleBinding',
];

/** What an opaque id means to us: a type, and its key's parts. */
export interface NodeKey {
  type: NodeType;
  parts: string[];
}

const isNodeType = (text: string): text is NodeType => NODE_TYPES.some((type) => type === text);

/** The opaque id of an object; stable for its life. */
export function nodeId(type: NodeType, ...parts: readonly (string | number)[]): string {
  return Buffer.from([type, ...parts].join('\n')).toString('base64url');
}

/** What an id means; undefined if it is none of ours. */
export function parseNodeId(id: string): NodeKey | undefined {
  if (id.length > 2048 || !/^[A-Za-z0-9_-]+$/.test(id)) return undefined;
  const [type = '', ...parts] = Buffer.from(id, 'base64url').toString('utf8').split('\n');
  return isNodeType(type) && parts.length > 0 && parts.every((part) => part !== '' && textFault(part) === undefined)
    ? { type, parts }
    : undefined;
}

/** The key's parts if the id is one of that type; undefined otherwise. */
export function partsOfId(type: NodeType, id: string): string[] | undefined {
  const key = parseNodeId(id);
  return key?.type === type ? key.parts : undefined;
}
