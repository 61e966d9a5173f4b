const FILES = import.meta.glob<string>(['../../../../docs/*.md', '../../../../docs/policies/*.md'], {
  query: '?raw',
  import: 'default',
});

const FOLDER = '../../../../docs/';

/** Files of the documentation that are built into the console, by their path below docs. */
export const BUILT_IN: readonly string[] = Object.keys(FILES).map((path) => path.slice(FOLDER.length));

/** The Markdown of a file; a reason to fail where there is none, or the server does not give it. */
export async function chapterText(file: string): Promise<string> {
  const load = FILES[`${FOLDER}${file}`];
  if (load === undefined) throw new Error(`there is no ${file}`);
  return load();
}
