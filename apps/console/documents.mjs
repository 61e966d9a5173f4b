// The GraphQL documents of the web console, read from its sources: what it asks with is known when it is built.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InMemoryCache } from '@apollo/client';
import { initGraphQLTada } from 'gql.tada';
import { print } from 'graphql';
import ts from 'typescript';

const graphql = initGraphQLTada();
const cache = new InMemoryCache();

/** `const Name = graphql(`…`, [Fragment, …])` of a file, by name. */
function constantsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'graphql') found.push(constantOf(node, file));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function constantOf(call, file) {
  const [text, fragments] = call.arguments;
  if (!ts.isVariableDeclaration(call.parent) || !ts.isNoSubstitutionTemplateLiteral(text))
    throw new Error(`${file}: a document is a constant of its own, without anything put into its text`);
  const names = fragments === undefined ? [] : fragments.elements.map((element) => element.getText());
  return { name: call.parent.name.getText(), text: text.text, fragments: names };
}

/** Documents by the name of their operation, as the console sends them. */
export function consoleDocuments(folder) {
  const files = readdirSync(folder, { recursive: true }).filter(
    (file) => /\.tsx?$/.test(file) && !/\.(spec|fixture)\.tsx?$/.test(file) && !file.startsWith('generated'),
  );
  const constants = files.sort().flatMap((file) => constantsOf(join(folder, file)));
  const byName = new Map(constants.map((constant) => [constant.name, constant]));
  if (byName.size !== constants.length) throw new Error('two documents of the console have the same name');
  // Each one once: a fragment that comes in by two ways is told by its identity.
  const made = new Map();
  const documentOf = (name) => {
    const constant = byName.get(name);
    if (constant === undefined) throw new Error(`there is no fragment ${name}`);
    if (!made.has(name)) made.set(name, graphql(constant.text, constant.fragments.map(documentOf)));
    return made.get(name);
  };
  const texts = {};
  for (const { name } of constants) {
    const document = documentOf(name);
    const operation = document.definitions.find(({ kind }) => kind === 'OperationDefinition');
    if (operation === undefined) continue;
    if (texts[operation.name.value] !== undefined) throw new Error(`two operations are named ${operation.name.value}`);
    texts[operation.name.value] = print(cache.transformDocument(document));
  }
  return texts;
}

/** The id of a document, as the API makes it. */
export const documentId = (text) => `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
