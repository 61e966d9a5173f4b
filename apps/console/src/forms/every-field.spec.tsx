// @vitest-environment jsdom
import { ApolloProvider } from '@apollo/client/react';
import { cleanup, render } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { useMemo, useState, type ReactNode } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createGraphqlClient } from '../connection/client.js';
import { createLinkState } from '../connection/link-state.js';
import { createSession } from '../connection/session.js';
import { emptyDocument } from '../resources/document-text.js';
import { ALL_KINDS, type ResourceKind } from '../resources/kinds.js';
import { DocumentForm } from './document-form.js';
import { isGroup, loadSchema, shapeOf, type FieldSchema } from './field-schema.js';
import { fieldId } from './form-context.js';
import { shownPaths } from './issue-places.js';
import { readText, type Path } from './plain-text.js';
import { fullDocument } from './schema-documents.fixture.js';
import { wordOf } from './ways.js';

afterEach(cleanup);

interface ShownProps {
  kind: ResourceKind;
  schema: FieldSchema;
  first: string;
}

let written = '';
const client = createGraphqlClient({
  session: createSession(sessionStorage, true),
  link: createLinkState(),
  origin: 'http://console.test',
  // Nobody answers: what fields could be completed to is not the matter here.
  fetch: () => new Promise(() => undefined),
});

function Shown({ kind, schema, first }: ShownProps): ReactNode {
  const [text, write] = useState(first);
  written = text;
  const reading = useMemo(() => readText(text, kind), [text, kind]);
  return (
    <ApolloProvider client={client}>
      <DocumentForm schema={schema} reading={reading} issues={[]} write={write} />
    </ApolloProvider>
  );
}

/** Every field of a schema as the domain publishes it, by its own rules and not by those of the form. */
function published(schema: FieldSchema, path: Path = []): Path[] {
  if (schema.readOnly === true || typeof schema.const === 'string') return [];
  const inner = Object.entries(schema.properties ?? {}).flatMap(([key, one]) => published(one, [...path, key]));
  const items = schema.items === undefined ? [] : published(schema.items, [...path, 0]);
  const values = schema.additionalProperties ? published(schema.additionalProperties, [...path, 'key']) : [];
  return [path, ...inner, ...items, ...values];
}

describe.each(ALL_KINDS)('the form of kind %s', (kind) => {
  it('shows every field of the published schema as something that can be written', async () => {
    const schema = await loadSchema(kind);
    render(<Shown kind={kind} schema={schema} first={stringify(fullDocument(schema))} />);
    const wanted = published(schema).slice(1);
    expect(wanted.length).toBeGreaterThan(4);
    const missing = wanted.filter((path) => document.getElementById(fieldId(path)) === null);
    expect(missing).toEqual([]);
    const words = [...document.querySelectorAll('[id^="field-"]')].filter(({ tagName }) => tagName === 'P');
    expect(words.filter(({ id }) => !id.endsWith('-help'))).toEqual([]);
    expect(shownPaths(schema, fullDocument(schema)).length).toBe(wanted.length + 1);
  });

  it('leads from an empty document to every group of fields by its buttons', async () => {
    const schema = await loadSchema(kind);
    const user = userEvent.setup({ delay: null });
    render(<Shown kind={kind} schema={schema} first={emptyDocument(kind, { project: 'default' })} />);
    const groups = published(schema)
      .slice(1)
      .filter((path) => isGroup(schemaAt(schema, path)))
      .slice(0, 25);
    for (const path of groups) {
      await chooseWays(schema, path, user);
      const found =
        document.getElementById(fieldId(path)) ?? document.getElementById(`${fieldId(path.slice(0, -1))}-add`);
      expect(found, fieldId(path)).not.toBeNull();
      if (found?.tagName === 'BUTTON') await user.click(found);
      expect(document.getElementById(fieldId(path))?.tagName, `${fieldId(path)}\n${written}`).toBe('FIELDSET');
    }
  });
});

/** Chooses, of each mapping around a field, a way that has the field. */
async function chooseWays(schema: FieldSchema, path: Path, user: UserEvent): Promise<void> {
  for (const [index, step] of path.entries()) {
    const around = path.slice(0, index);
    const at = schemaAt(schema, around);
    const way = at.oneOf?.find(({ properties = {} }) => properties[step] !== false);
    const word = wordOf(at);
    const id = word === undefined ? `${fieldId(around)}-way` : fieldId([...around, word]);
    const choice = document.getElementById(id);
    if (way !== undefined && choice !== null) await user.selectOptions(choice, way.title);
  }
}

function schemaAt(schema: FieldSchema, path: Path): FieldSchema {
  return path.reduce<FieldSchema>((at, step) => {
    const inner =
      typeof step === 'number' ? at.items : (at.properties?.[step] ?? (at.additionalProperties || undefined));
    return inner ?? {};
  }, schema);
}

it('knows every sort of field that there is', async () => {
  for (const kind of ALL_KINDS) {
    const schema = await loadSchema(kind);
    const unknown = published(schema).filter((path) => shapeOf(schemaAt(schema, path)) === 'unknown');
    expect(unknown).toEqual([]);
  }
});
