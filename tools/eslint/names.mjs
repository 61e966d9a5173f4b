// isthmus/file-name: a file is named after its content, in kebab-case; none is a drawer for odds and ends.
import path from 'node:path';

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const DRAWERS = /^(utils?|helpers?|common|misc|shared|managers?)$/;

/** The reason against a path relative to the root, or undefined. */
export function nameFault(file) {
  const parts = file.split('/');
  const stem = path.posix.basename(file).replace(/\.[cm]?tsx?$/, '');
  const drawer = [...parts.slice(0, -1), ...stem.split('.')].find((part) => DRAWERS.test(part));
  if (drawer) return `'${drawer}' says nothing of what is inside. Name it after its content.`;
  if (!KEBAB.test(stem))
    return `'${stem}' is not kebab-case. Name the file after its main export: GnsView lives in gns-view.ts.`;
  return undefined;
}

export const fileName = {
  meta: { type: 'suggestion', schema: [{ type: 'string' }], messages: { fault: '{{reason}}' } },
  create(context) {
    const file = path.relative(context.options[0], context.filename).split(path.sep).join('/');
    return {
      Program(node) {
        const reason = nameFault(file);
        if (reason) context.report({ loc: { line: 1, column: 0 }, node, messageId: 'fault', data: { reason } });
      },
    };
  },
};
