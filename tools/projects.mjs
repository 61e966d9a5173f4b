// The projects of this repository, read from disk, and the one table of who may depend on whom.
// The lint rule isthmus/boundaries and `npm run check` both judge by it; Nx reads the same tags.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** layer → the layers it may depend on. Cycles between projects of one layer are refused by `tsc -b`. */
export const LAYERS = {
  pure: ['pure'],
  base: ['pure', 'base'],
  io: ['pure', 'base'],
  app: ['pure', 'base', 'io'],
  test: ['pure', 'base', 'io', 'app', 'test'],
};

/** where it runs → where what it depends on may run. */
export const RUNS = {
  any: ['any'],
  central: ['any', 'central'],
  cluster: ['any', 'cluster'],
  browser: ['any', 'browser'],
};

const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const scoped = (dependencies = {}) => Object.keys(dependencies).filter((name) => name.startsWith('@isthmus/'));

/** Every workspace with its tags; a missing or doubled tag is kept as it is and reported by projectFaults. */
export function readProjects(base = root) {
  const folders = readJson(path.join(base, 'package.json')).workspaces.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const parent = pattern.slice(0, -2);
    return fs.readdirSync(path.join(base, parent)).map((name) => `${parent}/${name}`);
  });
  return folders
    .filter((dir) => fs.existsSync(path.join(base, dir, 'package.json')))
    .map((dir) => readProject(base, dir));
}

function readProject(base, dir) {
  const manifest = readJson(path.join(base, dir, 'package.json'));
  const nxFile = path.join(base, dir, 'project.json');
  const tags = fs.existsSync(nxFile) ? (readJson(nxFile).tags ?? []) : [];
  const tagged = (kind) => tags.filter((tag) => tag.startsWith(`${kind}:`)).map((tag) => tag.slice(kind.length + 1));
  return {
    dir,
    name: manifest.name,
    layers: tagged('layer'),
    runs: tagged('runs'),
    dependencies: scoped(manifest.dependencies),
    ofSpecs: scoped(manifest.devDependencies),
    references: referencesOf(base, dir),
  };
}

function referencesOf(base, dir) {
  const file = path.join(base, dir, 'tsconfig.json');
  if (!fs.existsSync(file)) return [];
  return (readJson(file).references ?? []).map(({ path: to }) => path.posix.normalize(path.posix.join(dir, to)));
}

/** Where package-lock.json says another thing than the manifests, or names a registry. */
export function lockFaults(base = root) {
  const lock = fs.readFileSync(path.join(base, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(lock);
  const wanted = (dir) => readJson(path.join(base, dir, 'package.json'));
  const stale = ['', ...readProjects(base).map(({ dir }) => dir)].filter((dir) =>
    ['dependencies', 'devDependencies'].some((kind) => !sameEntries(wanted(dir)[kind], packages[dir]?.[kind])),
  );
  return [
    ...stale.map(
      (dir) => `package-lock.json is older than ${path.posix.join(dir, 'package.json')}; run npm install and commit it`,
    ),
    ...(/"resolved": "https?:/.test(lock)
      ? ['package-lock.json names a registry; .npmrc says omit-lockfile-registry-resolved']
      : []),
  ];
}

function sameEntries(left = {}, right = {}) {
  return JSON.stringify(Object.entries(left).sort()) === JSON.stringify(Object.entries(right).sort());
}

/** Why `from` may not depend on `to`, or undefined when it may. */
export function refusal(from, to) {
  if (!LAYERS[from.layers[0]]?.includes(to.layers[0])) {
    return `${from.name} is layer:${from.layers[0]} and may use layer:${LAYERS[from.layers[0]]?.join(', layer:')}; ${to.name} is layer:${to.layers[0]}. Move the code, or pass it in through a port.`;
  }
  if (from.layers[0] !== 'test' && !RUNS[from.runs[0]]?.includes(to.runs[0])) {
    return `${from.name} runs:${from.runs[0]}, but ${to.name} only runs:${to.runs[0]}. Depend on a lib that runs:any instead.`;
  }
  return undefined;
}

/** What is wrong with the projects as a whole: names, tags, dependencies, TypeScript references. */
export function projectFaults(projects = readProjects(), solution = readSolution()) {
  const byName = new Map(projects.map((project) => [project.name, project]));
  return projects.flatMap((project) => [
    ...nameFaults(project),
    ...tagFaults(project),
    ...dependencyFaults(project, byName),
    ...solution
      .filter(({ references }) => !references.includes(project.dir))
      .map(({ file }) => `${file} lacks a reference to ./${project.dir}`),
  ]);
}

function readSolution(base = root) {
  return ['tsconfig.json', 'tsconfig.spec.json'].map((file) => ({
    file,
    references: readJson(path.join(base, file)).references.map(({ path: to }) => path.posix.normalize(to)),
  }));
}

function nameFaults({ dir, name }) {
  const wanted = `@isthmus/${path.posix.basename(dir)}`;
  return name === wanted ? [] : [`${dir}/package.json is named ${name}; name it ${wanted}`];
}

function tagFaults({ dir, layers, runs }) {
  return [
    ['layer', layers, Object.keys(LAYERS)],
    ['runs', runs, Object.keys(RUNS)],
  ]
    .filter(([, found, known]) => found.length !== 1 || !known.includes(found[0]))
    .map(
      ([kind, , known]) =>
        `${dir}/project.json needs exactly one tag of ${known.map((v) => `${kind}:${v}`).join(', ')}`,
    );
}

function dependencyFaults(project, byName) {
  const targets = project.dependencies.map((name) => byName.get(name));
  const unknown = project.dependencies.filter((name) => !byName.has(name));
  const known = targets.filter((target) => target !== undefined);
  const wanted = known.map((target) => target.dir).sort();
  const ofSpecs = (project.ofSpecs ?? []).map((name) => byName.get(name)?.dir); // where specs are compiled with the rest
  const references = project.references.filter((dir) => wanted.includes(dir) || !ofSpecs.includes(dir));
  const same = wanted.join() === references.sort().join();
  return [
    ...unknown.map((name) => `${project.dir}/package.json depends on ${name}, which is no project`),
    ...known.map((target) => refusal(project, target)).filter((reason) => reason !== undefined),
    ...(same
      ? []
      : [`${project.dir}/tsconfig.json references must equal its @isthmus dependencies: ${wanted.join(', ')}`]),
  ];
}
