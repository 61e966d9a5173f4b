import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, runCli, type Terminal } from '@isthmus/cli';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ALL_KINDS } from './kinds.js';
import {
  auditCopies,
  COPIES,
  issueCopies,
  listCopies,
  resourceCopies,
  serviceAccountCopies,
  word,
  type Copies,
} from './copies.js';

const here = dirname(fileURLToPath(import.meta.url));
const schema = buildSchema(readFileSync(join(here, '../../../api/schema.graphql'), 'utf8'));
const faultsOf = (document: string): string[] => validate(schema, parse(document)).map(({ message }) => message);

/** Words as a shell makes them. */
function wordsOf(line: string): string[] {
  const words = line.matchAll(/(?:'(?:[^']|'\\'')*'|[^\s'])+/g);
  return [...words].map(([one]) => one.replaceAll(`'\\''`, '\0').replaceAll("'", '').replaceAll('\0', "'"));
}

/** How the command line takes a line, where no server is known. */
async function taken(line: string): Promise<{ code: number; said: string }> {
  const [program, ...words] = wordsOf(line);
  expect(program).toBe('isthmus');
  const said: string[] = [];
  const terminal: Terminal = {
    out: (text) => said.push(text),
    err: (text) => said.push(text),
    isOutTty: false,
    isErrTty: false,
    readStdin: () => Promise.resolve(new Uint8Array()),
    edit: () => Promise.resolve({ ok: false, message: 'there is no editor' }),
    sleep: () => Promise.resolve(),
    now: () => new Date(0),
    env: { configFile: '/nonexistent/isthmus/config', noColour: true, forceColour: false, editor: 'vi' },
    signal: new AbortController().signal,
  };
  return { code: await runCli(words, terminal), said: said.join('') };
}

const NASTY = `it's "$(quoted)" \\ and; more`;

const copies: Readonly<Record<string, Copies>> = {
  ...COPIES,
  ...Object.fromEntries(ALL_KINDS.map((kind) => [`all ${kind}`, listCopies(kind, { project: 'shop' })])),
  ...Object.fromEntries(
    ALL_KINDS.map((kind) => [`one ${kind}`, resourceCopies({ kind, name: 'cart', projectName: 'shop' })]),
  ),
  'a list in an order': listCopies('TrafficPolicy', { search: NASTY, sort: 'UPDATED_AT', direction: 'DESC' }),
  'the audit log': auditCopies({}),
  'the audit log of somebody': auditCopies({ actor: NASTY, subjectKind: 'Cluster' }),
  'a service account': serviceAccountCopies('deployer'),
  issues: issueCopies(undefined),
  errors: issueCopies('ERROR'),
};

describe('what is copied', () => {
  it('is judged by what would refuse it: a line that is no command, a document that is none of the schema', async () => {
    expect((await taken('isthmus get cluters')).code).toBe(EXIT.usage);
    expect((await taken('isthmus audit list --who me')).code).toBe(EXIT.usage);
    expect(faultsOf('{ resources(first: 1) { nodes { colour } } }')).toHaveLength(1);
    expect(existsSync(join(here, 'copies.ts'))).toBe(true);
  });

  it.each(Object.entries(copies))(
    'of %s is taken by the command line and by the schema',
    async (_, { cli, graphql }) => {
      expect(faultsOf(graphql)).toEqual([]);
      if (cli === undefined) return;
      const { code, said } = await taken(cli);
      expect(said).not.toMatch(/--help shows/);
      expect(code).not.toBe(EXIT.usage);
    },
  );

  it('keeps every text one word', () => {
    expect(wordsOf(`isthmus get ${word(NASTY)}`)).toEqual(['isthmus', 'get', NASTY]);
    expect(word('token:0190-a')).toBe('token:0190-a');
  });

  it('says no command where the command line has none for it', () => {
    expect(listCopies('Cluster', { search: 'ea' }).cli).toBeUndefined();
    expect(listCopies('Cluster', { direction: 'DESC' }).cli).toBeUndefined();
    expect(listCopies('Cluster', {}).cli).toBe('isthmus get cluster');
    expect(listCopies('TrafficPolicy', { project: 'shop' }).cli).toBe('isthmus get trafficpolicy --project shop');
  });
});
