// isthmus/boundaries: who may import whom, judged by the tags in project.json and the homes of technologies.
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { readProjects, refusal, root } from '../projects.mjs';
import { HOMES, IMPURE } from './technologies.mjs';

const isSpec = (file) => /\.(spec|fixture)\.[cm]?tsx?$/.test(file);
const short = (project) => project.name.slice('@isthmus/'.length);

/** The first reason against an import of `source` in `file`, or undefined. `file` is relative to the root. */
export function importFault({ file, source }, projects) {
  const from = projects.find(({ dir }) => file.startsWith(`${dir}/`));
  if (!from) return undefined;
  if (source.startsWith('.')) return escapeFault({ file, source, from });
  if (source.startsWith('@isthmus/')) return projectFault({ file, source, from }, projects);
  return technologyFault({ file, source, from });
}

function escapeFault({ file, source, from }) {
  const target = path.posix.join(path.posix.dirname(file), source);
  if (target.startsWith(`${from.dir}/`)) return undefined;
  return `'${source}' leaves ${from.name}. Import the other project by its package name.`;
}

function projectFault({ file, source, from }, projects) {
  const to = projects.find(({ name }) => source === name || source.startsWith(`${name}/`));
  if (!to) return `${source} is no project of this repository.`;
  if (!isEntry({ file, source }, to))
    return `Import from '${to.name}': a project's index is all that others see of it.`;
  if (to === from) return `Import by relative path inside ${from.name}.`;
  if (isSpec(file)) return undefined;
  const reason = to.layers[0] === 'test' && from.layers[0] !== 'test' ? testOnly(to) : refusal(from, to);
  if (reason) return reason;
  return from.dependencies.includes(to.name)
    ? undefined
    : `Add ${to.name} to ${from.dir}/package.json and tsconfig.json, if the architecture allows the dependency.`;
}

/** The index, and for specs the fixtures that a project shares. */
const isEntry = ({ file, source }, to) => source === to.name || (isSpec(file) && source === `${to.name}/spec`);

const testOnly = (to) => `Only *.spec.ts and *.fixture.ts files may use ${to.name}. Move this code to a fixture.`;

function technologyFault({ file, source, from }) {
  if (isSpec(file)) return undefined;
  const isPure = from.layers[0] === 'pure';
  if (isPure && isBuiltin(source)) {
    return `${from.name} is pure: no Node modules. Take clock, ids, randomness and bytes as arguments; hash with @noble/hashes.`;
  }
  if (isPure && IMPURE.test(source))
    return `${from.name} is pure: take '${source}' as a port, or move the code to an I/O lib.`;
  const home = HOMES.find(({ pattern }) => pattern.test(source));
  if (!home || home.homes.includes(short(from))) return undefined;
  return `'${source}' lives in ${home.homes.join(', ')} only. ${home.instead}`;
}

export const boundaries = {
  meta: { type: 'problem', schema: [], messages: { fault: '{{reason}}' } },
  create(context) {
    const projects = (cached ??= readProjects());
    const file = path.relative(root, context.filename).split(path.sep).join('/');
    const check = (node) => {
      if (typeof node?.value !== 'string') return;
      const reason = importFault({ file, source: node.value }, projects);
      if (reason) context.report({ node, messageId: 'fault', data: { reason } });
    };
    return {
      ImportDeclaration: ({ source }) => check(source),
      ExportNamedDeclaration: ({ source }) => check(source),
      ExportAllDeclaration: ({ source }) => check(source),
      ImportExpression: ({ source }) => check(source),
      TSImportType: ({ source, argument }) => check(source ?? argument?.literal),
    };
  },
};

let cached;
