import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { renderYaml } from './render-yaml.js';

const object = (spec: unknown) => ({ apiVersion: 'v1', kind: 'X', metadata: { name: 'object' }, spec });

describe('renderYaml', () => {
  it('is empty for no objects', () => expect(renderYaml([])).toBe(''));

  it('quotes what a reader of YAML 1.1 would take for something else', () => {
    const text = renderYaml([object(['on', 'yes', 'null', '0123', '1:30', '1e3', '~', '0x10', '2001-01-01', '', '.'])]);
    for (const document of [parseAllDocuments(text, { version: '1.1' }), parseAllDocuments(text, { version: '1.2' })]) {
      expect(document[0]?.toJS()).toEqual(
        object(['on', 'yes', 'null', '0123', '1:30', '1e3', '~', '0x10', '2001-01-01', '', '.']),
      );
    }
  });

  it('cannot be broken out of', () => {
    const hostile = 'a\n---\nkind: Secret\n# ';
    expect(
      parseAllDocuments(renderYaml([object({ [hostile]: hostile })])).map((document) => document.toJS() as unknown),
    ).toEqual([object({ [hostile]: hostile })]);
  });

  it('says the same as the object, in bytes that do not depend on the order of keys', () => {
    const json = fc.jsonValue();
    fc.assert(
      fc.property(json, (spec) => {
        const plain = JSON.parse(JSON.stringify(object(spec))) as ReturnType<typeof object>;
        const reversed = Object.fromEntries(Object.entries(plain).reverse()) as ReturnType<typeof object>;
        expect(renderYaml([reversed])).toBe(renderYaml([plain]));
        expect(parseAllDocuments(renderYaml([plain]))[0]?.toJS()).toEqual(plain);
      }),
    );
  });

  it('puts what names the object first and uses no anchors', () => {
    const same = { a: 1 };
    expect(renderYaml([object({ z: same, b: same, name: 'x' })])).toBe(
      'apiVersion: v1\nkind: X\nmetadata:\n  name: object\nspec:\n  name: x\n  b:\n    a: 1\n  z:\n    a: 1\n',
    );
  });
});
