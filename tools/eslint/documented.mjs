// isthmus/documented: every exported function of a pure lib says what it does in a doc comment.
const isFunction = (node) => node?.type === 'ArrowFunctionExpression' || node?.type === 'FunctionExpression';

function functionName(declaration) {
  if (declaration?.type === 'FunctionDeclaration') return declaration.id?.name;
  if (declaration?.type !== 'VariableDeclaration') return undefined;
  return declaration.declarations.find(({ init }) => isFunction(init))?.id.name;
}

export const documented = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      missing: "Say in one /** sentence */ what '{{name}}' promises: units, shapes, errors, source of a formula.",
    },
  },
  create(context) {
    const seen = new Set();
    return {
      ExportNamedDeclaration(node) {
        const name = functionName(node.declaration);
        if (name === undefined || seen.has(name)) return;
        seen.add(name); // overloads: the first signature carries the comment
        const isDoc = (comment) => comment.type === 'Block' && comment.value.startsWith('*');
        if (context.sourceCode.getCommentsBefore(node).some(isDoc)) return;
        context.report({ node: node.declaration, messageId: 'missing', data: { name } });
      },
    };
  },
};
