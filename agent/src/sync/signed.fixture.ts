import { generateKeyPairSync, sign } from 'node:crypto';
import { EMPTY_TREE, buildTree, diffTrees, entry } from '@isthmus/domain';
import type { Tree } from '@isthmus/domain';
import { statementText } from '@isthmus/protocol';
import type { AssembledSync, Statement } from '@isthmus/protocol';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

/** The key that specs pin. */
export const PINNED_KEY = publicKey.export({ type: 'spki', format: 'pem' }).toString();

export const AUDIENCE = { org: 'default', cluster: 'c1' };

/** A tree with one entry for each name. */
export function treeOf(...names: string[]): Tree {
  return buildTree(names.map((name) => entry(`host/${name}`, { kind: 'host', host: name })));
}

/** A signed way to a tree: from nothing, or from another tree. */
export function signedSync(to: Tree, at: Partial<Statement> = {}, from: Tree = EMPTY_TREE): AssembledSync {
  const statement: Statement = { ...AUDIENCE, gns: 'g1', line: 'policy', epoch: 1, seq: 1, root: to.root, ...at };
  const { put, remove } = diffTrees(from, to);
  return { statement, signature: signText(statementText(statement)), delta: { from: from.root, put, remove } };
}

export function signText(text: string): string {
  return sign(null, Buffer.from(text), privateKey).toString('base64');
}
